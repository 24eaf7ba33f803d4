// Light or dark: as the system has it, until somebody chooses.
import { useEffect, useState } from "preact/hooks";

type Theme = "light" | "dark";
const key = "demarc.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

function chosen(): Theme | null {
  const stored = localStorage.getItem(key);
  return stored === "light" || stored === "dark" ? stored : null;
}

function current(): Theme {
  return chosen() ?? (dark.matches ? "dark" : "light");
}

export function applyTheme() {
  document.documentElement.dataset.theme = current();
}

/** The theme, for what draws its own colours. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState(current);
  useEffect(() => {
    const update = () => {
      applyTheme();
      setTheme(current());
    };
    dark.addEventListener("change", update);
    addEventListener("demarc:theme", update);
    return () => {
      dark.removeEventListener("change", update);
      removeEventListener("demarc:theme", update);
    };
  }, []);
  return theme;
}

export function ThemeButton() {
  const theme = useTheme();
  const other: Theme = theme === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      class="icon"
      aria-label={`Switch to ${other} colours`}
      title={`Switch to ${other} colours`}
      onClick={() => {
        localStorage.setItem(key, other);
        dispatchEvent(new Event("demarc:theme"));
      }}
    >
      <svg
        width="18"
        height="18"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        aria-hidden="true"
      >
        {theme === "dark" ? (
          <path d="M12 4V2m0 20v-2M4 12H2m20 0h-2M6 6 4.600 4.600m14.800 14.800L18 18M18 6l1.400-1.400M4.600 19.400 6 18M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0z" />
        ) : (
          <path d="M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z" stroke-linejoin="round" />
        )}
      </svg>
    </button>
  );
}
