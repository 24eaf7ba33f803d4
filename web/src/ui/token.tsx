// Asks for the token of a server that wants one.
import { useEffect, useRef, useState } from "preact/hooks";
import { access } from "../api/client";

export function TokenDialog() {
  const [wanted, setWanted] = useState(access.wanted);
  const dialog = useRef<HTMLDialogElement>(null);
  const [token, setToken] = useState("");
  const [asked, setAsked] = useState(0);
  useEffect(() => access.subscribe(() => setWanted(access.wanted)), []);
  useEffect(() => {
    if (wanted) {
      setAsked((n) => n + 1);
      dialog.current?.showModal();
    } else {
      dialog.current?.close();
    }
  }, [wanted]);
  return (
    <dialog ref={dialog} aria-labelledby="token-title">
      <form
        class="form"
        method="dialog"
        onSubmit={(e) => {
          e.preventDefault();
          if (token.trim()) access.give(token.trim());
          setToken("");
        }}
      >
        <h2 id="token-title">This server asks for a token</h2>
        {asked > 1 && (
          <p class="notice" role="alert">
            That token was not accepted.
          </p>
        )}
        <p class="note">Whoever started it with --token can tell you. It is kept until this tab is closed.</p>
        <label class="field">
          Token
          <input
            class="input"
            type="password"
            autocomplete="off"
            required
            value={token}
            onInput={(e) => setToken(e.currentTarget.value)}
          />
        </label>
        <div class="row">
          <button type="submit" class="button primary">
            Continue
          </button>
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
