#include "portfolio/device_try.h"

static void count(const struct tu_assess_result *now, const struct tu_assess_result *then,
	struct tu_try_release *out)
{
	for (size_t i = 0; i < now->count; i++) {
		const struct tu_assessment *a = &now->assessments[i], *b = &then->assessments[i];
		bool was = a->risk == TU_RISK_UNCONTROLLED, is = b->risk == TU_RISK_UNCONTROLLED;

		out->uncontrolled_now += was;
		out->uncontrolled_then += is;
		out->to_uncontrolled += is && !was;
		out->to_controlled += was && b->risk == TU_RISK_CONTROLLED;
		out->reopened += b->state == TU_ASSESS_REOPENED && a->state != TU_ASSESS_REOPENED;
	}
	out->findings = (int64_t)now->count;
	out->looked = true;
}

struct trying {
	struct tu_work *w;
	const struct tu_device_try *t;
	const struct tu_device *model; /* of the new text */
};

/* Both looks are at the same SBOM by the same knowledge base: their findings are the same, in the
 * same order. What is not so is not compared. */
static enum tu_status look_at(const struct trying *by, const struct tu_release_row *release,
	struct tu_try_release *out, struct tu_error *err)
{
	struct tu_look now = {.scope = by->t->scope, .kb = by->t->kb, .reader = by->t->reader};
	struct tu_look other, then;
	enum tu_status status = tu_look_open(by->w, release->public_id, &now, err);

	if (status != TU_OK)
		return status;
	other = now;
	other.settling.model = by->model;
	status = tu_look_again(by->w, &other, release, &then, err);
	if (status == TU_OK && now.answer.result->count == then.answer.result->count)
		count(now.answer.result, then.answer.result, out);
	return status;
}

static enum tu_status look_at_all(struct tu_work *w, struct tu_device_try *t,
	const struct tu_device_row *row, const struct tu_device *model, struct tu_error *err)
{
	const struct trying by = {w, t, model};
	struct tu_release_rows rows = {0};
	struct tu_try_release *out;
	size_t looked = 0;
	enum tu_status status = tu_release_list(w, row->id, &rows, err);

	if (status != TU_OK)
		return status;
	out = tu_arena_array(w->arena, rows.count, sizeof(*out));
	if (!out)
		return tu_no_memory(err);
	for (size_t i = 0; i < rows.count && status == TU_OK; i++) {
		struct tu_try_release *one = &out[t->release_count];

		if (!rows.at[i].sbom_id) {
			t->without_sbom++;
			continue;
		}
		*one = (struct tu_try_release){.name = rows.at[i].version};
		t->release_count++;
		if (looked++ < TU_DEVICE_TRY_RELEASES)
			status = look_at(&by, &rows.at[i], one, err);
	}
	t->releases = out;
	return status;
}

enum tu_status tu_device_try(struct tu_work *w, struct tu_device_try *t, struct tu_error *err)
{
	struct tu_device_row row;
	struct tu_policy_lowered lowered = {0};
	const struct tu_device *model = NULL;
	enum tu_status status = tu_device_in(w, t->scope, t->device, &row, err);

	t->release_count = t->without_sbom = 0;
	if (status == TU_OK)
		status = tu_device_parse(w, TU_STR("device.yaml"), t->text, &model, err);
	if (status == TU_OK && !tu_str_eq(model->id, row.name))
		status = tu_fail(err, TU_E_USAGE, 0,
			"device.yaml is that of %.*s: a device keeps its name",
			TU_STR_FMT(model->id));
	if (status == TU_OK)
		status = tu_device__lowers(w, &row, model, &lowered, err);
	t->lowers = lowered.list.at;
	t->lower_count = lowered.list.count;
	return status ? status : look_at_all(w, t, &row, model, err);
}
