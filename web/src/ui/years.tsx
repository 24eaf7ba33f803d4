// Choosing a year, or any time.

/** A slider of years, with a switch for any time. */
export function YearSlider({
  value,
  onChange,
  min,
  max,
}: {
  value: number | null;
  onChange: (year: number | null) => void;
  min: number;
  max: number;
}) {
  return (
    <div class="years">
      <label class="check">
        <input
          type="checkbox"
          checked={value === null}
          onChange={(e) => onChange(e.currentTarget.checked ? null : max)}
        />
        any time
      </label>
      <label class="years-range">
        <span class="sr">Year</span>
        <input
          type="range"
          min={min}
          max={max}
          value={value ?? max}
          aria-valuetext={value === null ? "any time" : String(value)}
          onInput={(e) => onChange(Number(e.currentTarget.value))}
        />
        <output class={value === null ? "note" : ""}>{value ?? "any time"}</output>
      </label>
    </div>
  );
}
