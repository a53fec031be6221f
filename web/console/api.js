import { Problem } from "./problem.js";
import { ROOT } from "./root.js";
import { authorized } from "./session.js";

const query = (given) => {
  const kept = new URLSearchParams(Object.entries(given).filter(([, value]) => value != null && value !== ""));
  return kept.size ? `?${kept}` : "";
};

/** The path of a request with its query; also the name that its answer is remembered by. */
export const pathOf = (path, given = {}) => `/v1/${path}${query(given)}`;

/** Ask the API: returns the JSON of its answer, raises `Problem`. `body` is sent as JSON. */
export async function call(method, path, { body, signal } = {}) {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  let response;
  try {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    response = await authorized(ROOT + path.slice(1), { method, headers, body: sent, signal });
  } catch (error) {
    if (error.name == "AbortError" || error instanceof Problem) throw error;
    throw new Problem(0);
  }
  if (!response.ok) throw await Problem.of(response);
  return response.status == 204 || response.headers.get("content-length") == "0" ? null : response.json();
}

export const get = (path, given, how) => call("GET", pathOf(path, given), how);
export const post = (path, body, how) => call("POST", pathOf(path), { ...how, body });
export const patch = (path, body, how) => call("PATCH", pathOf(path), { ...how, body });
export const remove = (path, how) => call("DELETE", pathOf(path), how);
