// Talking to demarc serve. Requests go to the server that the pages came from,
// and to no other.
import { useCallback, useEffect, useState } from "preact/hooks";

const tokenKey = "demarc.token";

/** What went wrong with a request, in words for whoever looks at the page. */
export class Failure extends Error {
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Of a faulty query: where the fault is, both from 1. */
  readonly at: { line: number; column: number } | undefined;

  constructor(status: number, message: string, at?: { line: number; column: number }) {
    super(message);
    this.status = status;
    this.at = at;
  }
}

type Listener = () => void;
const listeners = new Set<Listener>();
let wanted = false;

/** Whether the server asked for a token that the pages do not have, and what happens when it is given. */
export const access = {
  get wanted() {
    return wanted;
  },
  give(token: string) {
    sessionStorage.setItem(tokenKey, token);
    wanted = false;
    for (const tell of listeners) tell();
  },
  subscribe(listener: Listener) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

/** Has everything that is shown read again, after the graph has changed. */
export function refresh() {
  for (const tell of listeners) tell();
}

function deny() {
  sessionStorage.removeItem(tokenKey);
  if (wanted) return;
  wanted = true;
  for (const tell of listeners) tell();
}

/** Parameters of a request by their names. */
export type Params = Record<string, string | number | boolean | undefined | readonly string[]>;

/** A path under /api/v1 with its parameters, those without a value left out. */
export function api(path: string, params: Params = {}): string {
  return withParams(`/api/v1${path}`, params);
}

export function withParams(path: string, params: Params): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value === undefined || value === "" || value === false) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(key, String(one));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** An entity's or a document's ID as part of a path: its strokes stay, all else is escaped. */
export function idPath(id: string): string {
  return id.split("/").map(encodeURIComponent).join("/");
}

/** Sends a request, and throws a [Failure] where it is not answered with success. */
export async function send(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  const token = sessionStorage.getItem(tokenKey);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (init.method && init.method !== "GET" && url.startsWith("/api/")) headers.set("X-Demarc-Write", "1");
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers, credentials: "omit", redirect: "error" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Failure(0, "demarc does not answer. Is demarc serve still running?");
  }
  if (response.ok) return response;
  if (response.status === 401) deny();
  throw await failure(response);
}

async function failure(response: Response): Promise<Failure> {
  const problem: unknown = await response.json().catch(() => null);
  const of = (key: string) => (isRecord(problem) ? problem[key] : undefined);
  const words = [of("detail"), of("title")].find((v) => typeof v === "string" && v !== "");
  const [line, column] = [of("line"), of("column")];
  const at = typeof line === "number" ? { line, column: typeof column === "number" ? column : 1 } : undefined;
  return new Failure(
    response.status,
    typeof words === "string" ? words : `The server answered ${response.status}.`,
    at,
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export async function getJSON<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await send(url, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });
  return (await response.json()) as T;
}

export interface Loaded<T> {
  data: T | undefined;
  error: Failure | undefined;
  busy: boolean;
  /** The URL that data came from; what is shown while the next comes may be older. */
  url: string | null;
  retry: () => void;
}

/**
 * What a URL answers, read again when the URL changes, when a token is given,
 * and on retry. While the next answer comes, data is still the last one.
 */
export function useData<T>(url: string | null): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "retry">>({
    data: undefined,
    error: undefined,
    busy: url !== null,
    url: null,
  });
  const [turn, setTurn] = useState(0);
  const retry = useCallback(() => setTurn((n) => n + 1), []);
  useEffect(() => access.subscribe(() => !access.wanted && retry()), [retry]);
  // A new turn is a new request.
  useEffect(() => {
    if (url === null) {
      setState({ data: undefined, error: undefined, busy: false, url: null });
      return;
    }
    const stop = new AbortController();
    setState((s) => ({ ...s, busy: true, error: undefined }));
    getJSON<T>(url, stop.signal).then(
      (data) => setState({ data, error: undefined, busy: false, url }),
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const told = error instanceof Failure ? error : new Failure(0, String(error));
        setState({ data: undefined, error: told, busy: false, url });
      },
    );
    return () => stop.abort();
  }, [url, turn]);
  return { ...state, retry };
}
