/* Premises of decisions: written when it is decided, compared whenever it is used. */
#include "assess/assess.h"
#include "base/sha256.h"
#include "base/time.h"

/* ---- the record that decided ---- */

static uint32_t deciding_record(const struct tu_assess_finding *finding)
{
	const struct tu_finding *f = finding->finding;

	return f->evidence_count ? f->evidence[0].advisory : TU_KB_NONE;
}

static int64_t date_of_record(const struct tu_kb_advisory *record)
{
	return record->modified ? record->modified : record->published;
}

/* The record that a decision rested on, if the knowledge base has it. */
static uint32_t record_of(const struct tu_assess_input *input,
	const struct tu_assess_finding *finding, const struct tu_premises *premises)
{
	for (uint32_t n = 0; n < finding->facts.advisories; n++) {
		uint32_t at = tu_kb_record(input->kb, finding->finding->vulnerability, n);
		struct tu_kb_advisory record = tu_kb_advisory(input->kb, at);

		if (tu_str_ieq(record.id, premises->advisory) &&
			(!premises->source.len ||
				tu_str_ieq(
					premises->source, tu_str_c(tu_source_name(record.source)))))
			return at;
	}
	return TU_KB_NONE;
}

/* What of a record matters to a decision: its state, its scores, and which versions its deciding
 * entry names. A new reference or a corrected word changes the date, not this. */
static void write_facts(const struct tu_assess_input *input,
	const struct tu_assess_finding *finding, uint32_t at, struct tu_buf *out)
{
	struct tu_kb_advisory record = tu_kb_advisory(input->kb, at);
	const struct tu_finding *f = finding->finding;

	tu_buf_printf(out, "%s\n", tu_advisory_state_name(record.state));
	for (uint32_t n = 0; n < record.scores; n++) {
		struct tu_score score = tu_kb_score(input->kb, at, n);

		tu_buf_printf(out, "%.*s %u %.*s\n", TU_STR_FMT(score.vector), score.base_tenths,
			TU_STR_FMT(score.severity));
	}
	for (size_t i = 0; i < f->evidence_count; i++) {
		struct tu_kb_entry entry;

		if (f->evidence[i].advisory != at || !f->evidence[i].decisive)
			continue;
		entry = tu_kb_entry(input->kb, f->evidence[i].entry);
		for (uint32_t n = 0; n < entry.spans; n++) {
			struct tu_span span = tu_kb_span(input->kb, f->evidence[i].entry, n);
			const struct tu_range range = {
				.scheme = entry.scheme, .intervals = &span.interval, .count = 1};

			tu_buf_printf(out, "%d ", (int)span.coverage);
			tu_range_write(&range, out);
			tu_buf_byte(out, '\n');
		}
	}
}

/* Lower-case hexadecimal of SHA-256; false when out of memory. */
static bool digest_of(struct tu_arena *arena, const struct tu_assess_input *input,
	const struct tu_assess_finding *finding, uint32_t at, struct tu_str *out)
{
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, 1 << 20);
	write_facts(input, finding, at, &text);
	fine = !text.failed && tu_sha256(tu_buf_str(&text), digest) == TU_OK;
	tu_buf_clear(&text);
	if (fine)
		tu_sha256_write(digest, &text);
	fine = fine && !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine;
}

enum tu_status tu_assess_premises(struct tu_arena *arena, const struct tu_assess_input *input,
	const struct tu_assess_finding *finding, struct tu_premises *out_premises,
	struct tu_error *err)
{
	const struct tu_component *component = tu_assess__component(input, finding);
	uint32_t at = deciding_record(finding);
	struct tu_premises p = {
		.component = component->name,
		.version = component->version,
		.kev_stated = true,
		.kev = finding->facts.has_kev,
		.score_tenths = finding->tenths,
		.epss = tu_assess__epss(finding),
	};

	if (at != TU_KB_NONE) {
		struct tu_kb_advisory record = tu_kb_advisory(input->kb, at);

		p.advisory = record.id;
		p.source = tu_str_c(tu_source_name(record.source));
		p.advisory_modified = date_of_record(&record);
		if (!digest_of(arena, input, finding, at, &p.advisory_digest))
			return tu_no_memory(err);
	}
	*out_premises = p;
	return TU_OK;
}

/* ---- what has changed ---- */

struct comparing {
	struct tu_arena *arena;
	const struct tu_assess_input *input;
	const struct tu_assess_finding *finding;
	const struct tu_decision *decision;
	struct tu_assess_change change;
	bool failed;
};

/* One premise: true when it has changed; says why and since when. */
struct premise_rule {
	enum tu_reopen reopen;
	bool (*has_changed)(struct comparing *c);
};

#define SAY(c, ...) \
	((c)->failed |= !tu_assess__text((c)->arena, &(c)->change.why, __VA_ARGS__), true)

static bool has_expired(struct comparing *c)
{
	int64_t end = tu_decision_expires(c->decision, c->input->device);

	c->change.since = end;
	return end && c->input->at >= end && SAY(c, "it was valid for a time that is over");
}

static bool component_changed(struct comparing *c)
{
	const struct tu_component *component = tu_assess__component(c->input, c->finding);
	const struct tu_validity *validity = &c->decision->validity;
	struct tu_str was = c->decision->premises.version;

	c->change.since = c->input->device->releases[c->input->release].released;
	if (tu_str_eq(was, component->version) && was.len)
		return false;
	if (validity->range)
		return tu_range_test(validity->range, component->version) != TU_INSIDE &&
			SAY(c, "version %.*s is not in %.*s", TU_STR_FMT(component->version),
				TU_STR_FMT(validity->range_text));
	return was.len &&
		SAY(c, "the component was %.*s and is %.*s", TU_STR_FMT(was),
			TU_STR_FMT(component->version));
}

static bool configuration_changed(struct comparing *c)
{
	const struct tu_release *release = &c->input->device->releases[c->input->release];
	struct tu_str wanted = c->decision->validity.configuration;

	c->change.since = release->released;
	return wanted.len && !tu_str_eq(wanted, release->configuration) &&
		SAY(c, "applies to configuration \"%.*s\"; this release has \"%.*s\"",
			TU_STR_FMT(wanted), TU_STR_FMT(release->configuration));
}

static const struct tu_control *control_by_id(const struct tu_device *device, struct tu_str id)
{
	for (size_t i = 0; i < device->control_count; i++)
		if (tu_str_eq(device->controls[i].id, id))
			return &device->controls[i];
	return NULL;
}

static bool control_missing(struct comparing *c)
{
	for (size_t i = 0; i < c->decision->controls.count; i++) {
		struct tu_str id = c->decision->controls.at[i];
		const struct tu_control *control = control_by_id(c->input->device, id);

		if (!control || control->state == TU_CONTROL_PLANNED)
			return SAY(c, "it counts on control %.*s, which is not in place",
				TU_STR_FMT(id));
	}
	return false;
}

/* A boundary that was redrawn applies to earlier decisions too. */
static bool matrix_changed(struct comparing *c)
{
	const struct tu_device *device = c->input->device;
	size_t band = tu_device_band(device, c->decision->exploitability);

	c->change.since = device->policy.document.approved_at;
	return c->decision->status == TU_CLAIM_AFFECTED &&
		c->decision->risk == TU_RISK_CONTROLLED &&
		tu_device_risk(device, band, c->decision->harm) == TU_RISK_UNCONTROLLED &&
		SAY(c, "the matrix calls %.*s and %s uncontrolled",
			TU_STR_FMT(c->decision->exploitability), tu_harm_name(c->decision->harm));
}

static bool kev_added(struct comparing *c)
{
	const struct tu_kb_vulnerability *facts = &c->finding->facts;

	if (!c->decision->premises.kev_stated || c->decision->premises.kev || !facts->has_kev)
		return false;
	(void)tu_time_parse(facts->kev.date_added, &c->change.since);
	return SAY(c, "it is now known to be exploited (KEV, %.*s)",
		TU_STR_FMT(facts->kev.date_added));
}

static bool score_raised(struct comparing *c)
{
	uint8_t was = c->decision->premises.score_tenths, now = c->finding->tenths;

	return was != TU_SCORE_UNSTATED && now != TU_SCORE_UNSTATED &&
		now > was + c->input->device->policy.score_raise &&
		SAY(c, "its score was %u.%u and is %u.%u", was / 10, was % 10, now / 10, now % 10);
}

static bool epss_raised(struct comparing *c)
{
	uint32_t was = c->decision->premises.epss, now = tu_assess__epss(c->finding);
	uint32_t high = c->input->device->policy.epss_high;

	return was != UINT32_MAX && now != UINT32_MAX && was < high && now >= high &&
		SAY(c, "its EPSS has passed the policy's threshold");
}

/* The substance where it is recorded, else the date. */
static bool advisory_revised(struct comparing *c)
{
	const struct tu_premises *premises = &c->decision->premises;
	uint32_t at =
		premises->advisory.len ? record_of(c->input, c->finding, premises) : TU_KB_NONE;
	struct tu_kb_advisory record;
	struct tu_str digest;

	if (at == TU_KB_NONE)
		return false;
	record = tu_kb_advisory(c->input->kb, at);
	c->change.since = date_of_record(&record);
	if (premises->advisory_digest.len) {
		if (!digest_of(c->arena, c->input, c->finding, at, &digest))
			return c->failed = true;
		if (tu_str_eq(digest, premises->advisory_digest))
			return false;
	} else if (!premises->advisory_modified || c->change.since <= premises->advisory_modified) {
		return false;
	}
	return SAY(c, "%.*s has been revised since", TU_STR_FMT(premises->advisory));
}

static const struct premise_rule premise_rules[] = {
	{TU_REOPEN_EXPIRED, has_expired},
	{TU_REOPEN_COMPONENT_CHANGED, component_changed},
	{TU_REOPEN_CONFIGURATION, configuration_changed},
	{TU_REOPEN_CONTROL_MISSING, control_missing},
	{TU_REOPEN_MATRIX, matrix_changed},
	{TU_REOPEN_KEV_ADDED, kev_added},
	{TU_REOPEN_SCORE_RAISED, score_raised},
	{TU_REOPEN_EPSS_RAISED, epss_raised},
	{TU_REOPEN_ADVISORY_REVISED, advisory_revised},
};

enum tu_status tu_assess__changed(struct tu_arena *arena, const struct tu_assess_input *input,
	const struct tu_assess_finding *finding, const struct tu_decision *decision,
	struct tu_assess_change *out_change, struct tu_error *err)
{
	struct comparing c = {
		.arena = arena, .input = input, .finding = finding, .decision = decision};

	for (size_t i = 0; i < TU_COUNT(premise_rules) && !c.change.reopen; i++) {
		c.change.since = 0;
		if (premise_rules[i].has_changed(&c))
			c.change.reopen = premise_rules[i].reopen;
	}
	*out_change = c.change;
	return c.failed ? tu_no_memory(err) : TU_OK;
}
