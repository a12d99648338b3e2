// The models to choose from.

import { get } from "../core/api.js";
import { t } from "../core/i18n.js";

/**
 * What a field offers: the assistant's own model first.
 * @returns {Promise<[string, string][]>}
 */
export async function modelOptions() {
  /** @type {{models: string[]}} */
  const { models } = await get("/models");
  return [["", t("bench.same_model")], ...models.map((one) => /** @type {[string, string]} */ ([one, one]))];
}
