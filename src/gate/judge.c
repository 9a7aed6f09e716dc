#include "gate/terms.h"

#include <tutela/exploited.h>
#include <tutela/sbom_blank.h>

#include "gate/terms_concept.h"

/* ---- one thing, one rule ---- */

static bool term_holds(const struct tu_gate_term *term, const struct tu_gate_item *of)
{
	const struct tu_gate_word *word = term->word;
	const struct tu_gate_item *item = of;
	struct tu_gate_item named;

	if (term->name.len) {
		named = *of;
		named.name = term->name;
		item = &named;
	}

	if (!term->negated)
		return word->holds(item, term->value);
	return word->negated ? word->negated(item, term->value) : !word->holds(item, term->value);
}

bool tu_gate_rule_holds(const struct tu_gate_rule *rule, const struct tu_gate_item *item)
{
	bool in_scan = item->finding && !item->assessment;

	if (in_scan && !rule->names_verdict && item->finding->verdict != TU_MATCH_AFFECTED)
		return false;
	for (size_t i = 0; i < rule->term_count; i++)
		if (!term_holds(&rule->terms[i], item))
			return false;
	return true;
}

/* Is `item` the better example of the two? Without an order the first one is. */
static bool matters_more(const struct tu_gate_item *item, const struct tu_gate_item *than)
{
	if (item->row)
		return tu_report_compare_rows(item->row, than->row) < 0;
	return item->assessment && tu_assess_compare(item->assessment, than->assessment) < 0;
}

static void count(struct tu_gate_violation *violation, const struct tu_gate_item *item)
{
	if (!tu_gate_rule_holds(violation->rule, item))
		return;
	if (violation->count++ == 0 || matters_more(item, &violation->example))
		violation->example = *item;
}

/* ---- all things of a kind ---- */

static struct tu_gate_item row_item(const struct tu_kb *kb, const struct tu_report_row *row)
{
	const struct tu_report_vulnerability *v = row->vulnerability;

	return (struct tu_gate_item){.kb = kb,
		.row = row,
		.finding = row->finding,
		.distinct = row->distinct,
		.facts = &v->facts,
		.severity = v->severity,
		.tenths = v->tenths};
}

struct tu_gate_item tu_gate_item_of(
	const struct tu_kb *kb, const struct tu_assessment *assessment, int64_t at)
{
	const struct tu_assess_finding *of = assessment->of;

	return (struct tu_gate_item){.at = at,
		.kb = kb,
		.assessment = assessment,
		.finding = of->finding,
		.distinct = of->distinct,
		.facts = &of->facts,
		.severity = of->severity,
		.tenths = of->tenths};
}

static void judge_findings(const struct tu_gate_input *input, struct tu_gate_violation *violation)
{
	for (size_t i = 0; !input->assessed && i < input->report->row_count; i++) {
		struct tu_gate_item item = row_item(input->kb, &input->report->rows[i]);

		count(violation, &item);
	}
	for (size_t i = 0; input->assessed && i < input->assessed->count; i++) {
		struct tu_gate_item item =
			tu_gate_item_of(input->kb, &input->assessed->assessments[i], input->at);

		count(violation, &item);
	}
}

static void judge_components(const struct tu_gate_input *input, struct tu_gate_violation *violation)
{
	const struct tu_match_result *result = input->report->result;

	for (size_t i = 0; i < result->distinct_count; i++) {
		struct tu_gate_item item = {.distinct = &result->distinct[i]};

		count(violation, &item);
	}
}

/* Where nothing says how fresh the knowledge is, it counts as stale: silence is not freshness. */
static void judge_sources(const struct tu_gate_input *input, struct tu_gate_violation *violation)
{
	const struct tu_sidecar *sidecar = input->origin->sidecar;
	struct tu_gate_item item = {.freshness = TU_FRESH_UNKNOWN};

	if (!sidecar || sidecar->source_count == 0) {
		count(violation, &item);
		return;
	}
	for (size_t i = 0; i < sidecar->source_count; i++) {
		item.source = &sidecar->sources[i];
		item.freshness = tu_sidecar_judge(item.source, input->origin->now);
		count(violation, &item);
	}
}

static void judge_deadlines(const struct tu_gate_input *input, struct tu_gate_violation *violation)
{
	for (size_t i = 0; i < input->case_count; i++)
		for (size_t k = 0; k < input->deadlines[i].count; k++) {
			struct tu_gate_item item = {.kb = input->kb,
				.deadline = &input->deadlines[i].at[k],
				.deadline_case = &input->cases[i]};

			count(violation, &item);
		}
}

static void judge_threats(const struct tu_gate_input *input, struct tu_gate_violation *violation)
{
	for (size_t i = 0; i < input->threats->threats.count; i++) {
		struct tu_gate_item item = {.threat = &input->threats->threats.at[i]};

		count(violation, &item);
	}
}

static void judge_questions(const struct tu_gate_input *input, struct tu_gate_violation *violation)
{
	for (size_t i = 0; i < input->threats->threats.question_count; i++) {
		struct tu_gate_item item = {.question = &input->threats->threats.questions[i]};

		count(violation, &item);
	}
}

static void judge_stale(const struct tu_gate_input *input, struct tu_gate_violation *violation)
{
	for (size_t i = 0; i < input->threats->threats.stale.count; i++) {
		struct tu_gate_item item = {.decision = &input->threats->threats.stale.at[i]};

		count(violation, &item);
	}
}

static void judge_lints(const struct tu_gate_input *input, struct tu_gate_violation *violation)
{
	for (size_t i = 0; i < input->threats->lints.count; i++) {
		struct tu_gate_item item = {.lint = &input->threats->lints.at[i]};

		count(violation, &item);
	}
}

static void judge_points(const struct tu_gate_input *input, struct tu_gate_violation *violation)
{
	struct tu_gate_item item = {.concept = input->concept};

	while (tu_gate_point_next(&item))
		count(violation, &item);
}

/* An SBOM that says nothing of what is in the product passes nothing, unless there are data on what
 * it is about. */
static bool is_judgeable(const struct tu_report *report)
{
	const struct tu_match_result *result = report->result;

	if (tu_sbom_blank(report->inventory) == TU_BLANK_NOT)
		return true;
	for (size_t i = 0; i < result->distinct_count; i++)
		if (result->distinct[i].known)
			return true;
	return false;
}

void tu_gate_judge(
	const struct tu_gate *gate, const struct tu_gate_input *input, struct tu_gate_verdict *out)
{
	static void (*const judges[TU_GATE_SUBJECTS])(
		const struct tu_gate_input *input, struct tu_gate_violation *violation) = {
		[TU_GATE_FINDING] = judge_findings,
		[TU_GATE_ASSESSMENT] = judge_findings,
		[TU_GATE_COMPONENT] = judge_components,
		[TU_GATE_SOURCE] = judge_sources,
		[TU_GATE_DEADLINE] = judge_deadlines,
		[TU_GATE_THREAT] = judge_threats,
		[TU_GATE_QUESTION] = judge_questions,
		[TU_GATE_STALE_DECISION] = judge_stale,
		[TU_GATE_MODEL_LINT] = judge_lints,
		[TU_GATE_POINT] = judge_points,
	};

	out->count = 0;
	out->unjudged = (input->report && !is_judgeable(input->report)) ||
		(input->threats && !input->threats->model->elements_count);
	for (size_t i = 0; i < gate->rule_count; i++) {
		struct tu_gate_violation violation = {.rule = &gate->rules[i]};

		judges[violation.rule->about](input, &violation);
		if (violation.count)
			out->violations[out->count++] = violation;
	}
}

/* ---- in words ---- */

static void add_count(size_t number, const char *noun, struct tu_buf *out)
{
	tu_buf_printf(out, "%zu %s%s, such as ", number, noun, number == 1 ? "" : "s");
}

static void add_source(const struct tu_gate_violation *violation, const struct tu_gate_input *input,
	struct tu_buf *out)
{
	const struct tu_sidecar_source *source = violation->example.source;
	struct tu_str problem = input->origin->sidecar_problem;

	if (!source) {
		tu_buf_printf(out,
			"nothing says how fresh the knowledge base is%s%.*s; \"tutela kb sync\" "
			"makes one that does",
			problem.len ? ": " : "", TU_STR_FMT(problem));
		return;
	}
	add_count(violation->count, "source", out);
	tu_buf_printf(out, "%.*s: %s%s%.*s", TU_STR_FMT(source->name),
		tu_freshness_name(violation->example.freshness), source->last_error.len ? ": " : "",
		TU_STR_FMT(source->last_error));
}

static void add_component(const struct tu_gate_violation *violation,
	const struct tu_gate_input *input, struct tu_buf *out)
{
	const struct tu_gate_item *item = &violation->example;
	const struct tu_component *component =
		&input->report->inventory->components[item->distinct->first];

	add_count(violation->count, item->finding ? "finding" : "component", out);
	if (item->finding)
		tu_buf_printf(out, "%.*s in ", TU_STR_FMT(item->facts->id));
	tu_buf_printf(out, "%.*s%s%.*s", TU_STR_FMT(component->name),
		component->version.len ? " " : "", TU_STR_FMT(component->version));
}

static void add_spot(const char *noun, const struct tu_gate_violation *violation,
	const struct tu_gate_input *input, struct tu_str what, struct tu_buf *out)
{
	const struct tu_gate_item *item = &violation->example;
	struct tu_spot spot = item->threat ? item->threat->spot : item->question->spot;
	struct tu_str at = tu_threat_spot_id(input->threats->model, spot);

	add_count(violation->count, noun, out);
	tu_buf_printf(out, "%.*s at %.*s", TU_STR_FMT(what), TU_STR_FMT(at));
}

static void add_about_model(const struct tu_gate_violation *violation,
	const struct tu_gate_input *input, struct tu_buf *out)
{
	const struct tu_gate_item *item = &violation->example;

	if (item->threat) {
		add_spot("threat", violation, input, item->threat->rule, out);
	} else if (item->question) {
		add_spot("question", violation, input, item->question->subject, out);
	} else if (item->decision) {
		add_count(violation->count, "decision", out);
		tu_buf_printf(out, "%.*s, whose threat is no longer found",
			TU_STR_FMT(item->decision->key));
	} else {
		add_count(violation->count, "lint", out);
		tu_buf_printf(out, "%s: %.*s", item->lint->rule, TU_STR_FMT(item->lint->message));
	}
}

void tu_gate_describe(const struct tu_gate_violation *violation, const struct tu_gate_input *input,
	struct tu_buf *out)
{
	const struct tu_gate_item *item = &violation->example;

	tu_buf_printf(out, "%.*s: ", TU_STR_FMT(violation->rule->text));
	if (violation->rule->about == TU_GATE_SOURCE) {
		add_source(violation, input, out);
	} else if (item->deadline) {
		add_count(violation->count, "deadline", out);
		tu_buf_printf(out, "%s of %.*s", item->deadline->rule->id,
			TU_STR_FMT(item->deadline_case->vulnerability));
	} else if (input->threats) {
		add_about_model(violation, input, out);
	} else if (item->concept) {
		add_count(violation->count, "point", out);
		tu_gate_point_describe(item, out);
	} else {
		add_component(violation, input, out);
	}
}

/* ---- what is not known ---- */

static bool has_source(const struct tu_kb *kb, enum tu_source source)
{
	struct tu_kb_info info;

	tu_kb_info(kb, &info);
	for (uint32_t i = 0; i < info.sources; i++)
		if (tu_kb_source(kb, i).source == source)
			return true;
	return false;
}

static bool uses(const struct tu_gate *gate, enum tu_gate_need need)
{
	for (size_t i = 0; i < gate->rule_count; i++)
		for (size_t k = 0; k < gate->rules[i].term_count; k++)
			if (gate->rules[i].terms[k].word->need == need)
				return true;
	return false;
}

/* Every catalogue that a term names has been read. */
static bool has_catalogues(const struct tu_gate *gate, const struct tu_kb *kb)
{
	for (size_t i = 0; i < gate->rule_count; i++)
		for (size_t k = 0; k < gate->rules[i].term_count; k++) {
			const struct tu_gate_term *term = &gate->rules[i].terms[k];

			if (term->word->need == TU_GATE_NEEDS_CATALOGUE &&
				!tu_kb_has_catalogue(kb, term->name))
				return false;
		}
	return true;
}

static bool is_known(
	const struct tu_gate *gate, const struct tu_gate_input *input, enum tu_gate_need need)
{
	const struct tu_sidecar *sidecar = input->origin ? input->origin->sidecar : NULL;

	switch (need) {
	case TU_GATE_NEEDS_KEV:
		return has_source(input->kb, TU_SOURCE_KEV) ||
			has_source(input->kb, TU_SOURCE_CVE_ADP);
	case TU_GATE_NEEDS_CATALOGUE:
		return has_catalogues(gate, input->kb);
	case TU_GATE_NEEDS_EPSS:
		return has_source(input->kb, TU_SOURCE_EPSS);
	case TU_GATE_NEEDS_FETCHES:
		return sidecar && sidecar->source_count > 0;
	case TU_GATE_NEEDS_NOTHING:
	case TU_GATE_NEEDS:
		break;
	}
	return true;
}

const char *tu_gate_blind_spot(
	const struct tu_gate *gate, const struct tu_gate_input *input, enum tu_gate_need need)
{
	static const char *const sentences[TU_GATE_NEEDS] = {
		[TU_GATE_NEEDS_KEV] = "\"kev\" cannot be judged: the knowledge base has no list of "
				      "exploited vulnerabilities",
		[TU_GATE_NEEDS_CATALOGUE] = "\"exploited\" cannot be judged: the knowledge base "
					    "has not the catalogue of "
					    "exploited vulnerabilities that is asked for",
		[TU_GATE_NEEDS_EPSS] =
			"\"epss\" cannot be judged: the knowledge base has no EPSS scores",
		[TU_GATE_NEEDS_FETCHES] =
			"\"failed-source\" cannot be judged: nothing says how the "
			"sources of the knowledge base were fetched",
	};

	return uses(gate, need) && !is_known(gate, input, need) ? sentences[need] : NULL;
}
