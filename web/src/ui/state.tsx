// What stands in place of something that is not there: it is coming, it failed,
// or there is none.
import type { ComponentChildren, JSX } from "preact";
import type { Failure, Loaded } from "../api/client";

export function ErrorNotice({ error, retry }: { error: Failure; retry?: () => void }) {
  return (
    <div class="notice" role="alert">
      <strong>{heading(error)}</strong> <span>{error.message}</span>
      {retry && error.status !== 404 && (
        <button type="button" class="button small" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

function heading(error: Failure): string {
  switch (error.status) {
    case 0:
      return "No connection.";
    case 401:
      return "A token is needed.";
    case 404:
      return "Not found.";
    case 503:
      return "Busy.";
    default:
      return error.status >= 500 ? "Something went wrong." : "That did not work.";
  }
}

/** Shows what has been read, or why it has not. */
export function State<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }): JSX.Element {
  if (of.error) return <ErrorNotice error={of.error} retry={of.retry} />;
  if (of.data === undefined) return <p class="busy">{of.busy ? "Loading…" : ""}</p>;
  return <>{children(of.data)}</>;
}
