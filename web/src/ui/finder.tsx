// A field that finds entities as their names are typed (the combobox pattern of
// the ARIA Authoring Practices).
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { api, useData } from "../api/client";
import type { Entity, EntityPage } from "../api/types";
import { ClassMark } from "./class";
import { Name } from "./text";

interface Props {
  label: string;
  placeholder?: string;
  /** Only entities of this class. */
  of?: string;
  onChoose: (entity: Entity) => void;
}

export function Finder({ label, placeholder = "", of, onChoose }: Props) {
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const id = useId();
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 120);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useData<EntityPage>(asked ? api("/entities", { q: asked, class: of, limit: 12 }) : null);
  const options = open && asked ? (found.data?.items ?? []).filter((e) => e.id) : [];

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const choose = (entity: Entity | undefined) => {
    if (!entity) return;
    setText("");
    setOpen(false);
    onChoose(entity);
  };

  // The list stays where the focus is: the combobox has the keys.
  return (
    <div class="finder">
      <label class="sr" for={id}>
        {label}
      </label>
      <input
        id={id}
        class="input"
        type="text"
        role="combobox"
        list={undefined}
        autocomplete="off"
        dir="auto"
        placeholder={placeholder || label}
        aria-expanded={options.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={options.length > 0 ? `${id}-${at}` : undefined}
        value={text}
        onInput={(e) => {
          setText(e.currentTarget.value);
          setAt(0);
          setOpen(true);
        }}
        onBlur={() => setTimeout(() => setOpen(false), 150)}
        onKeyDown={(e) => {
          if (e.key === "ArrowDown" || e.key === "ArrowUp") {
            e.preventDefault();
            setOpen(true);
            const n = options.length;
            if (n > 0) setAt((at + (e.key === "ArrowDown" ? 1 : n - 1)) % n);
          } else if (e.key === "Enter") {
            e.preventDefault();
            choose(options[at]);
          } else if (e.key === "Escape" && open) {
            e.preventDefault();
            setOpen(false);
          }
        }}
      />
      <ul class="options" role="listbox" id={`${id}-list`} aria-label={label} ref={list} hidden={options.length === 0}>
        {options.map((entity, i) => (
          <li
            key={entity.id}
            id={`${id}-${i}`}
            class="option"
            role="option"
            aria-selected={i === at}
            onMouseDown={(e) => e.preventDefault()}
            onClick={() => choose(entity)}
          >
            <Name max={60}>{entity.name}</Name>
            <ClassMark name={entity.class ?? "Thing"} />
          </li>
        ))}
      </ul>
      <span class="sr" role="status">
        {open && asked && found.data ? `${options.length} found` : ""}
      </span>
    </div>
  );
}
