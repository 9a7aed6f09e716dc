/* The options of `tutela decide` as a decision. */
#include "app/decide.h"

#include <string.h>

#include "base/time.h"
#include "base/vec.h"
#include "device/form.h"

/* The message lists the words that there are. */
static enum tu_status bad(const struct tu_deciding *d, struct tu_error *err, const char *option,
	const char *value, const struct tu_words *words)
{
	struct tu_buf list;
	enum tu_status status;

	tu_buf_init(&list, TU_ERROR_MESSAGE_MAX);
	for (size_t i = 0; i < words->count; i++)
		tu_buf_printf(&list, "%s%s", i ? ", " : "", words->at[i].name);
	status = tu_fail(err, TU_E_USAGE, 0, "%s%s: \"%s\" is not one of %.*s", tu_decide_dashes(d),
		option, value, TU_STR_FMT(tu_buf_str(&list)));
	tu_buf_done(&list);
	return status;
}

enum tu_status tu_decide_time(
	const char *option, const char *text, int64_t *out_seconds, struct tu_error *err)
{
	struct tu_str s = tu_str_c(text);

	if (!text)
		return TU_OK;
	if (tu_time_parse(s, out_seconds) && !tu_time_is_leap(s) && tu_time_is_zoned(s))
		return TU_OK;
	return tu_fail(err, TU_E_USAGE, 0,
		"--%s wants a time with its zone, such as 2026-01-31T09:30:00Z, not \"%s\"", option,
		text);
}

static enum tu_status take_date(
	const char *option, const char *text, int64_t *out_seconds, struct tu_error *err)
{
	if (!text || (tu_str_c(text).len == 10 && tu_time_parse(tu_str_c(text), out_seconds)))
		return TU_OK;
	return tu_decide_time(option, text, out_seconds, err);
}

enum tu_status tu_decide_list(
	struct tu_deciding *d, const char *text, struct tu_texts *out, struct tu_error *err)
{
	TU_VEC(struct tu_str) list = {0};
	struct tu_str rest = tu_str_c(text), part;

	while (text && tu_str_split(&rest, ',', &part))
		if (!TU_VEC_PUSH_IN(d->assessing.folder.arena, &list, tu_str_trim(part)))
			return tu_no_memory(err);
	*out = (struct tu_texts){list.at, list.count};
	return TU_OK;
}

static enum tu_status take_words(struct tu_deciding *d, struct tu_error *err)
{
	const struct tu_decide_request *r = d->request;
	const struct {
		const char *option;
		const char *value;
		const struct tu_words *words;
		void *slot;
	} words[] = {
		{"status", r->status, &tu_words_status, &d->decision.status},
		{"justification", r->justification, &tu_words_justification,
			&d->decision.justification},
		{"harm", r->harm, &tu_words_harm, &d->decision.harm},
		{"privacy", r->privacy, &tu_words_privacy, &d->decision.privacy},
		{"risk", r->risk, &tu_words_risk, &d->decision.risk},
		{"remedy", r->remedy, &tu_words_remedy, &d->decision.action.remedy},
	};

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		int value;

		if (!words[i].value)
			continue;
		if (!tu_words_find(words[i].words, tu_str_c(words[i].value), &value))
			return bad(d, err, words[i].option, words[i].value, words[i].words);
		memcpy(words[i].slot, &value, sizeof(value));
	}
	return TU_OK;
}

static void take_texts(struct tu_deciding *d)
{
	const struct tu_decide_request *r = d->request;
	const struct {
		const char *value;
		struct tu_str *slot;
	} texts[] = {
		{r->impact, &d->decision.impact},
		{r->rationale, &d->decision.rationale},
		{r->exploitability, &d->decision.exploitability},
		{r->action, &d->decision.action.text},
		{r->fix_release, &d->decision.action.fix_release},
		{r->range, &d->decision.validity.range_text},
		{r->configuration, &d->decision.validity.configuration},
		{r->by, &d->decision.decided_by},
		{r->role, &d->decision.role},
		{r->supersedes, &d->decision.supersedes},
	};

	for (size_t i = 0; i < TU_COUNT(texts); i++)
		if (texts[i].value)
			*texts[i].slot = tu_str_c(texts[i].value);
}

static enum tu_status take_times(struct tu_deciding *d, struct tu_error *err)
{
	const struct tu_decide_request *r = d->request;
	enum tu_status status =
		tu_decide_time("learned-at", r->learned, &d->decision.learned_at, err);

	if (status == TU_OK)
		status = take_date("expires", r->expires, &d->decision.expires, err);
	if (status == TU_OK)
		status = take_date("due", r->due, &d->decision.action.due, err);
	return status;
}

static bool is_one_of(const struct tu_distinct *distinct, uint32_t component)
{
	for (size_t i = 0; i < distinct->component_count; i++)
		if (distinct->components[i] == component)
			return true;
	return false;
}

/* Does the selector mean a component that the finding is not about? */
static bool means_others(const struct tu_deciding *d, const struct tu_selector *selector)
{
	const struct tu_inventory *inventory = d->assessing.input.inventory;

	for (uint32_t c = 0; c < inventory->component_count; c++)
		if (tu_selector_matches(selector, inventory, c) &&
			!is_one_of(d->assessment->of->distinct, c))
			return true;
	return false;
}

/* The widest name that means this component alone: the name, which the next release's SBOM will
 * have too; its reference only where two have one name. */
static void name_component(struct tu_deciding *d)
{
	const struct tu_component *component = tu_deciding_component(d, d->assessment);

	d->decision.component = (struct tu_selector){.name = component->name};
	if (!component->name.len || means_others(d, &d->decision.component))
		d->decision.component.ref = component->ref;
}

/* What nobody said is proposed: band, harm and the matrix's answer for an affected one. */
static void fill_proposal(struct tu_deciding *d)
{
	const struct tu_device *device = d->assessing.folder.device;
	const struct tu_proposal *proposal = &d->assessment->proposal;
	struct tu_decision *decision = &d->decision;

	if (decision->status != TU_CLAIM_AFFECTED)
		return;
	if (!decision->exploitability.len)
		decision->exploitability = device->policy.bands[proposal->band].name;
	if (!decision->harm)
		decision->harm = proposal->harm;
	if (!decision->privacy)
		decision->privacy = proposal->privacy;
	if (!decision->risk)
		decision->risk = tu_device_risk(
			device, tu_device_band(device, decision->exploitability), decision->harm);
	if (!decision->risk)
		decision->risk = TU_RISK_UNCONTROLLED;
}

enum tu_status tu_decide_fill_stated(struct tu_deciding *d, struct tu_error *err)
{
	enum tu_status status;

	d->decision.validity.carry = !d->request->no_carry;
	take_texts(d);
	status = take_words(d, err);
	if (status == TU_OK)
		status = take_times(d, err);
	return status ? status
		      : tu_decide_list(d, d->request->controls, &d->decision.controls, err);
}

enum tu_status tu_decide_fill_times(struct tu_deciding *d, struct tu_error *err)
{
	struct tu_decision *decision = &d->decision;

	decision->decided_at = decision->status == TU_CLAIM_UNDER_INVESTIGATION ? 0 : d->now;
	if (!decision->learned_at)
		decision->learned_at = d->now;
	if (decision->decided_at && !decision->decided_by.len)
		return tu_fail(
			err, TU_E_USAGE, 0, "%sby is missing: who decides?", tu_decide_dashes(d));
	return TU_OK;
}

enum tu_status tu_decide_fill(struct tu_deciding *d, struct tu_error *err)
{
	struct tu_decision *decision = &d->decision;
	struct tu_arena *arena = d->assessing.folder.arena;
	struct tu_str *release = tu_arena_alloc(arena, sizeof(*release));
	enum tu_status status;

	if (!release)
		return tu_no_memory(err);
	*release = d->assessing.release->version;
	decision->vulnerability = d->assessment->of->facts.id;
	decision->validity.releases = (struct tu_texts){release, 1};
	name_component(d);
	status = tu_decide_fill_stated(d, err);
	if (status == TU_OK)
		status = tu_assess_premises(
			arena, &d->assessing.input, d->assessment->of, &decision->premises, err);
	if (status != TU_OK)
		return status;
	fill_proposal(d);
	return tu_decide_fill_times(d, err);
}
