// Loading documents, by dropping files anywhere or by choosing them, and removing
// them, where the server was started with --write.
import type { ComponentChildren } from "preact";
import { createContext } from "preact";
import { useCallback, useContext, useEffect, useRef, useState } from "preact/hooks";
import { api, Failure, refresh, send } from "../api/client";
import type { LoadReport } from "../api/types";
import { documentHref } from "../links";
import { ErrorNotice } from "./state";
import { count, Name } from "./text";

type Load = ((files: readonly File[]) => void) | null;
const Loading = createContext<Load>(null);

interface Progress {
  busy: number;
  report?: LoadReport;
  error?: string;
}

/** Takes files that are dropped on what is in it. */
export function LoadArea({ write, children }: { write: boolean; children: ComponentChildren }) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [over, setOver] = useState(false);
  const depth = useRef(0);

  const load = useCallback((files: readonly File[]) => {
    if (files.length === 0) return;
    const body = new FormData();
    for (const file of files) body.append("file", file, file.name);
    setProgress({ busy: files.length });
    send(api("/documents"), { method: "POST", body }).then(
      async (response) => {
        setProgress({ busy: 0, report: (await response.json()) as LoadReport });
        refresh();
      },
      (error: unknown) => setProgress({ busy: 0, error: error instanceof Failure ? error.message : String(error) }),
    );
  }, []);

  useEffect(() => {
    if (!write) return;
    const files = (e: DragEvent) => e.dataTransfer?.types.includes("Files") ?? false;
    const enter = (e: DragEvent) => {
      if (!files(e)) return;
      depth.current++;
      setOver(true);
    };
    const leave = (e: DragEvent) => {
      if (!files(e)) return;
      depth.current--;
      if (depth.current <= 0) setOver(false);
    };
    const hover = (e: DragEvent) => {
      if (files(e)) e.preventDefault();
    };
    const drop = (e: DragEvent) => {
      if (!files(e)) return;
      e.preventDefault();
      depth.current = 0;
      setOver(false);
      load([...(e.dataTransfer?.files ?? [])]);
    };
    addEventListener("dragenter", enter);
    addEventListener("dragleave", leave);
    addEventListener("dragover", hover);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragenter", enter);
      removeEventListener("dragleave", leave);
      removeEventListener("dragover", hover);
      removeEventListener("drop", drop);
    };
  }, [write, load]);

  return (
    <Loading.Provider value={write ? load : null}>
      {children}
      {over && (
        <div class="dropping" aria-hidden="true">
          <div>Drop to read these documents</div>
        </div>
      )}
      {progress && (
        <div class="toast" role="status">
          <Report progress={progress} />
          {progress.busy === 0 && (
            <button type="button" class="button small" onClick={() => setProgress(null)}>
              Close
            </button>
          )}
        </div>
      )}
    </Loading.Provider>
  );
}

function Report({ progress }: { progress: Progress }) {
  if (progress.busy > 0) return <p>Reading {count(progress.busy, "file")}…</p>;
  if (progress.error !== undefined) return <p class="notice">{progress.error}</p>;
  const { items = [], failed = [] } = progress.report ?? {};
  return (
    <ul class="loaded">
      {items.map((item) => (
        <li key={item.doc}>
          <a href={documentHref(item.doc)}>
            <Name>{item.doc}</Name>
          </a>{" "}
          <span class="note">
            {item.status}, {count(item.facts, "fact")}
          </span>
        </li>
      ))}
      {failed.map((item) => (
        <li key={item.name} class="notice">
          <strong>
            <Name>{item.name}</Name>
          </strong>{" "}
          {item.detail}
        </li>
      ))}
      {items.length + failed.length === 0 && <li>There was no document in these files.</li>}
    </ul>
  );
}

/** A button to choose files with; nothing where documents cannot be loaded. */
export function LoadButton() {
  const load = useContext(Loading);
  const input = useRef<HTMLInputElement>(null);
  if (!load) return null;
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Documents to read"
        onChange={(e) => {
          load([...(e.currentTarget.files ?? [])]);
          e.currentTarget.value = "";
        }}
      />
      <button type="button" class="button" onClick={() => input.current?.click()}>
        Add documents…
      </button>
    </>
  );
}

// What was pressed is gone, and the focus should not go with it.
const focus = (button: HTMLButtonElement | null) => button?.focus();

/** A button that removes a document once that is confirmed; nothing where documents cannot be removed. */
export function RemoveButton({ id, removed }: { id: string; removed: () => void }) {
  const write = useContext(Loading) !== null;
  const [state, setState] = useState<"" | "asked" | "busy" | "kept">("");
  const [error, setError] = useState<Failure | null>(null);
  if (!write) return null;
  const remove = () => {
    setState("busy");
    send(api(`/documents/${encodeURIComponent(id)}`), { method: "DELETE" }).then(
      () => {
        removed();
        refresh();
      },
      (error: unknown) => {
        setState("");
        setError(error instanceof Failure ? error : new Failure(0, String(error)));
      },
    );
  };
  if (error) return <ErrorNotice error={error} retry={remove} />;
  if (state === "" || state === "kept")
    return (
      <button
        type="button"
        class="button small"
        ref={state === "kept" ? focus : null}
        onClick={() => setState("asked")}
      >
        Remove…
      </button>
    );
  return (
    <div class="row">
      <span>Take it and its facts out of the graph?</span>
      <button type="button" class="button small" disabled={state === "busy"} onClick={remove}>
        Remove
      </button>
      <button
        type="button"
        class="button small"
        ref={focus}
        disabled={state === "busy"}
        onClick={() => setState("kept")}
      >
        Keep
      </button>
    </div>
  );
}
