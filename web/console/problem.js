import { has, t } from "./i18n.js";

/** What did not work, as the API says it (RFC 9457), or `offline` where nothing answered. */
export class Problem extends Error {
  constructor(status, body = {}, language) {
    super(body.title ?? `status ${status}`);
    this.status = status;
    this.slug = body.type?.split(":").at(-1) ?? (status ? String(status) : "offline");
    this.detail = body.detail ?? "";
    this.errors = body.errors ?? [];
    this.body = body;
    /** That of its words, which stays when another is chosen. */
    this.language = language ?? undefined;
  }

  static async of(response) {
    return new Problem(response.status, await response.json().catch(() => ({})), response.headers.get("content-language"));
  }

  /** Whether trying again may help. */
  get mayPass() {
    return !this.status || this.status == 429 || this.status >= 500;
  }
}

/** The problem's title in words: ours for what people meet, else the API's own. */
export function titleOf(problem) {
  if (!(problem instanceof Problem)) return t("problem.unexpected");
  const known = [problem.slug, problem.status >= 500 ? "500" : String(problem.status)].map((each) => `problem.${each}`).find(has);
  return known ? t(known) : problem.message;
}
