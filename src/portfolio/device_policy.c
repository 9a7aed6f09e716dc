/* What a new device.yaml takes away from the protection of the one before. */
#include "portfolio/device.h"

enum { LOWERED_MAX = 4096, LOWERED_SHOWN = 5 };

enum tu_status tu_device__lowers(struct tu_work *w, const struct tu_device_row *row,
	const struct tu_device *model, struct tu_policy_lowered *out, struct tu_error *err)
{
	const struct tu_device *before;
	struct tu_error own = {0};
	enum tu_status status = tu_device_load(w, row, &before, NULL, &own);

	if (status == TU_OK)
		return tu_device_lowers(w->arena, before, model, out, err);
	if (status == TU_E_NOMEM)
		return tu_no_memory(err);
	/* of another version of the program, perhaps: what cannot be compared lowers it */
	return TU_VEC_PUSH_IN(
		       w->arena, &out->list, TU_STR("the policy before cannot be read any more"))
		? TU_OK
		: tu_no_memory(err);
}

enum tu_status tu_device__refuse_lowered(
	const struct tu_policy_lowered *lowered, struct tu_error *err)
{
	const struct tu_error_place place = {.pointer = "policy"};
	struct tu_buf text;
	enum tu_status status = TU_OK;

	if (!lowered->list.count)
		return TU_OK;
	tu_buf_init(&text, LOWERED_MAX);
	for (size_t i = 0; i < lowered->list.count && i < LOWERED_SHOWN; i++)
		tu_buf_printf(&text, "%s%.*s", i ? "; " : "", TU_STR_FMT(lowered->list.at[i]));
	if (lowered->list.count > LOWERED_SHOWN)
		tu_buf_printf(&text, "; and %zu more", lowered->list.count - LOWERED_SHOWN);
	status = tu_fail_at(err, TU_E_CONSTRAINT, &place,
		"it protects less (%.*s): an approver who has just proved who they are puts such a "
		"device.yaml over the API",
		TU_STR_FMT(tu_buf_str(&text)));
	tu_buf_done(&text);
	return status;
}
