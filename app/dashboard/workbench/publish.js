// Publishing a prompt that was tried: only if nothing that was right became wrong, or an owner insists.

import { post } from "../core/api.js";
import { atLeast } from "../core/assistants.js";
import { ApiError } from "../core/errors.js";
import { t } from "../core/i18n.js";
import { confirmed } from "../components/dialog.js";
import { toast } from "../components/toast.js";

const REFUSALS = ["became_worse", "no_baseline"];

/**
 * Says whether it is published; throws what only an owner could overrule, and all other errors.
 * @param {string} id of the run
 * @param {string | null} role
 */
export async function publish(id, role) {
  try {
    await post(`/evaluations/publish/${id}`, {});
  } catch (error) {
    const refused = error instanceof ApiError && REFUSALS.includes(error.code);
    if (!refused || !atLeast(role, "owner")) throw error;
    if (!(await confirmed(t("evaluation.insist"), t(`evaluation.${error.code}`), t("evaluation.insist")))) return false;
    await post(`/evaluations/publish/${id}`, { insist: true });
  }
  toast(t("evaluation.published"));
  return true;
}
