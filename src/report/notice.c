#include "report/notice.h"

#include <string.h>
#include <tutela/exploited.h>
#include <tutela/market.h>

#include "base/json_writer.h"
#include "base/time.h"
#include "report/html.h"

enum { FIELDS_MAX = 12, VALUE_MAX = 1 << 16 };

struct field {
	const char *id;
	const char *title;
	const char *source;
	/* Append what is known; nothing: it is missing. NULL: only a person can say it. */
	void (*fill)(const struct tu_notice_input *in, struct tu_buf *out);
	const char *missing; /* what a person has to say */
};

struct tu_notice_kind {
	const char *name;
	const char *title;
	const char *rule; /* the deadline's row */
	const char *source;
	bool device; /* of medical devices; else of products that are none */
	const struct field *fields[FIELDS_MAX];
};

/* ---- what is known ---- */

static void add_line(struct tu_buf *out, struct tu_str text)
{
	if (text.len)
		tu_buf_printf(out, "%s%.*s", out->len ? "; " : "", TU_STR_FMT(text));
}

static void fill_maker(const struct tu_notice_input *in, struct tu_buf *out)
{
	add_line(out, in->device->manufacturer.name);
	if (out->len)
		add_line(out, in->device->manufacturer.contact);
}

static bool is_affected(const struct tu_decision *decision)
{
	return decision->status == TU_CLAIM_AFFECTED;
}

/* The product, and the releases that decisions call affected. */
static void fill_product(const struct tu_notice_input *in, struct tu_buf *out)
{
	const char *before = ", releases affected: ";

	tu_buf_str_add(out, in->device->family);
	for (size_t r = 0; r < in->device->release_count; r++) {
		struct tu_str version = in->device->releases[r].version;
		bool named = false;

		for (size_t i = 0; i < in->of->decision_count && !named; i++)
			named = is_affected(in->of->decisions[i]) &&
				tu_decision_names_release(in->of->decisions[i], version);
		if (!named)
			continue;
		tu_buf_printf(out, "%s%.*s", before, TU_STR_FMT(version));
		before = ", ";
	}
}

static void fill_udi(const struct tu_notice_input *in, struct tu_buf *out)
{
	for (size_t i = 0; i < in->device->variant_count; i++)
		add_line(out, in->device->variants[i].udi_di);
}

static void fill_vulnerability(const struct tu_notice_input *in, struct tu_buf *out)
{
	uint32_t index = in->kb ? tu_kb_find(in->kb, in->of->vulnerability) : TU_KB_NONE;

	add_line(out, in->of->vulnerability);
	if (index != TU_KB_NONE)
		add_line(out, tu_kb_vulnerability(in->kb, index).title);
}

/* Weaknesses and scores, each once a record states them. */
static void fill_nature(const struct tu_notice_input *in, struct tu_buf *out)
{
	uint32_t index = in->kb ? tu_kb_find(in->kb, in->of->vulnerability) : TU_KB_NONE;
	struct tu_kb_vulnerability facts;

	if (index == TU_KB_NONE)
		return;
	facts = tu_kb_vulnerability(in->kb, index);
	add_line(out, facts.title);
	for (uint32_t n = 0; n < facts.advisories; n++) {
		uint32_t record = tu_kb_record(in->kb, index, n);
		struct tu_kb_advisory a = tu_kb_advisory(in->kb, record);

		if (a.cwes)
			add_line(out, tu_kb_cwe(in->kb, record, 0));
		for (uint32_t k = 0; k < a.scores; k++)
			add_line(out, tu_kb_score(in->kb, record, k).vector);
		if (a.cwes || a.scores)
			return;
	}
}

/* Who says that it is exploited, and since when. */
static void fill_exploit(const struct tu_notice_input *in, struct tu_buf *out)
{
	uint32_t index = in->kb ? tu_kb_find(in->kb, in->of->vulnerability) : TU_KB_NONE;
	struct tu_kb_exploited one;
	uint32_t at = 0;

	while (index != TU_KB_NONE && tu_kb_exploited_next(in->kb, index, &at, &one)) {
		if (one.withdrawn || one.origin.len)
			continue;
		tu_buf_printf(out, "%sexploited by the catalogue of %.*s", out->len ? "; " : "",
			TU_STR_FMT(one.catalogue));
		if (one.date_added.len)
			tu_buf_printf(out, " since %.*s", TU_STR_FMT(one.date_added));
		tu_buf_c(out, one.ransomware ? ", used by ransomware" : "");
	}
}

/* Only those that count, with the proof that there is. */
static void add_events(
	const struct tu_notice_input *in, const char *const *names, struct tu_buf *out)
{
	for (size_t i = 0; i < in->of->event_count; i++) {
		const struct tu_case_event *event = in->of->events[i];

		for (size_t k = 0; names[k] && !event->corrected; k++) {
			if (event->at > in->at || !tu_str_eq(event->name, tu_str_c(names[k])))
				continue;
			tu_buf_printf(out, "%s%s ", out->len ? "; " : "", names[k]);
			tu_time_write(event->at, out);
			if (event->evidence.len)
				tu_buf_printf(out, " (%.*s)", TU_STR_FMT(event->evidence));
		}
	}
}

static void fill_awareness(const struct tu_notice_input *in, struct tu_buf *out)
{
	static const char *const names[] = {"exploitation-known", "severe-incident-known",
		"serious-incident-known", "death-known", "public-health-threat-known", NULL};

	add_events(in, names, out);
	if (!in->of->learned)
		return;
	tu_buf_c(out, out->len ? "; vulnerability known " : "vulnerability known ");
	tu_time_write(in->of->learned, out);
}

static void fill_measures(const struct tu_notice_input *in, struct tu_buf *out)
{
	static const char *const names[] = {"fix-available", "fix-distributed", "fix-validated",
		"mitigation-available", "controls-identified", "correction-initiated",
		"fsca-initiated", NULL};

	add_events(in, names, out);
}

static void fill_user_measures(const struct tu_notice_input *in, struct tu_buf *out)
{
	for (size_t i = 0; i < in->of->decision_count; i++)
		if (is_affected(in->of->decisions[i]))
			add_line(out, in->of->decisions[i]->action.text);
}

/* As decided: the harm to patients and the band of exploitability, with the reasons on file. */
static void fill_severity(const struct tu_notice_input *in, struct tu_buf *out)
{
	for (size_t i = 0; i < in->of->decision_count; i++) {
		const struct tu_decision *d = in->of->decisions[i];

		if (!is_affected(d))
			continue;
		tu_buf_printf(out, "%sexploitability %.*s, harm %s, risk %s: %.*s",
			out->len ? "; " : "", TU_STR_FMT(d->exploitability), tu_harm_name(d->harm),
			tu_risk_name(d->risk), TU_STR_FMT(d->rationale));
	}
}

static bool is_member_state(struct tu_str market, struct tu_market *out)
{
	/* their market has the Union's rules, but they are no members */
	static const char *const others[] = {"EU", "NO", "IS", "LI"};
	bool is = tu_market_find(market, out) && !strcmp(out->rules, "EU");

	for (size_t i = 0; i < TU_COUNT(others); i++)
		is = is && strcmp(out->code, others[i]) != 0;
	return is;
}

/* "EU" alone names no Member State. */
static void fill_states(const struct tu_notice_input *in, struct tu_buf *out)
{
	struct tu_market market;

	for (size_t i = 0; i < in->device->markets.count; i++)
		if (is_member_state(in->device->markets.at[i], &market))
			add_line(out, tu_str_c(market.name));
	for (size_t v = 0; v < in->device->variant_count; v++)
		for (size_t i = 0; i < in->device->variants[v].markets.count; i++)
			if (is_member_state(in->device->variants[v].markets.at[i], &market))
				add_line(out, tu_str_c(market.name));
}

/* ---- the fields ---- */

#define FIELD(name, id_, title_, source_, fill_, missing_) \
	static const struct field name = { \
		.id = id_, .title = title_, .source = source_, .fill = fill_, .missing = missing_}

FIELD(maker, "manufacturer", "Manufacturer and contact", "Art. 14(1)", fill_maker,
	"name the manufacturer and whom to ask");
FIELD(product, "product", "Product with digital elements", "Art. 14(2), (4)", fill_product,
	"name the product");
FIELD(vulnerability, "vulnerability", "Actively exploited vulnerability", "Art. 14(2)(a)",
	fill_vulnerability, "name the vulnerability");
FIELD(aware, "awareness", "When the manufacturer became aware", "Art. 14(2)(a), (4)(a)",
	fill_awareness, "record it as an event: exploitation-known or severe-incident-known");
FIELD(states, "member-states", "Member States in which the product has been made available",
	"Art. 14(2)(a), (4)(a)", fill_states,
	"name the Member States: device.yaml names none, or only the Union");
FIELD(exploit, "exploit", "General nature of the exploit", "Art. 14(2)(b)", fill_exploit,
	"describe how it is exploited");
FIELD(nature, "nature", "General nature of the vulnerability", "Art. 14(2)(b)", fill_nature,
	"describe the vulnerability");
FIELD(measures, "measures-taken", "Corrective or mitigating measures taken",
	"Art. 14(2)(b), (4)(b)", fill_measures, "record fix-available or mitigation-available");
FIELD(user_measures, "user-measures", "Measures that users can take", "Art. 14(2)(b), (4)(b)",
	fill_user_measures, "say it in the action of a decision");
FIELD(sensitivity, "sensitivity", "How sensitive the information is considered to be",
	"Art. 14(2)(b), (4)(b)", NULL, "the manufacturer has to say it");
FIELD(severity, "severity", "Description with severity and impact", "Art. 14(2)(c)(i)",
	fill_severity, "decide what the impact is");
FIELD(actor, "actor", "Malicious actor that has exploited or is exploiting it", "Art. 14(2)(c)(ii)",
	NULL, "say what is known, or that nothing is");
FIELD(update, "update", "Security update or other corrective measures", "Art. 14(2)(c)(iii)",
	fill_measures, "record fix-available, fix-validated and fix-distributed");
FIELD(unlawful, "unlawful", "Is it suspected of being caused by unlawful or malicious acts?",
	"Art. 14(4)(a)", NULL, "the manufacturer has to say it");
FIELD(incident, "incident", "Nature of the incident", "Art. 14(4)(b)", NULL,
	"describe the incident");
FIELD(assessment, "assessment", "Initial assessment of the incident", "Art. 14(4)(b)",
	fill_severity, "assess the incident");
FIELD(incident_detail, "description", "Detailed description with severity and impact",
	"Art. 14(4)(c)(i)", NULL, "describe the incident, its severity and its impact");
FIELD(cause, "cause", "Type of threat or root cause that is likely to have triggered it",
	"Art. 14(4)(c)(ii)", fill_vulnerability, "say what is likely to have triggered it");
FIELD(ongoing, "mitigation", "Applied and ongoing mitigation measures", "Art. 14(4)(c)(iii)",
	fill_measures, "record mitigation-available or controls-identified");
FIELD(mdr_device, "device", "Device", "MDR Art. 87(1)", fill_product, "name the device");
FIELD(mdr_udi, "udi-di", "Device identifiers (UDI-DI)", "MDR Art. 27, 87(1)", fill_udi,
	"device.yaml states no udi_di");
FIELD(mdr_aware, "awareness", "When the manufacturer became aware", "MDR Art. 87(3) to (5)",
	fill_awareness, "record serious-incident-known, death-known or public-health-threat-known");
FIELD(mdr_maker, "manufacturer", "Manufacturer and contact", "MDR Art. 87(1)", fill_maker,
	"name the manufacturer and whom to ask");
FIELD(mdr_what, "incident", "The incident and what it did to persons", "MDR Art. 87(1)(a)", NULL,
	"describe what happened: the case knows a vulnerability, not the incident");
FIELD(mdr_causal, "causal", "Causal relationship, or that one is reasonably possible",
	"MDR Art. 87(3)", NULL, "the manufacturer has to establish it");
FIELD(mdr_background, "vulnerability", "The vulnerability concerned", "MDCG 2019-16", fill_nature,
	"describe the vulnerability");
FIELD(mdr_harm, "harm", "Harm as assessed", "MDR Art. 87(2)", fill_severity,
	"decide what the harm is");
FIELD(mdr_action, "action", "Corrective action", "MDR Art. 87(1)(b)", fill_measures,
	"record what was done, or that an initial report goes out before it is known (Art. 87(6))");

static const struct tu_notice_kind kinds[] = {
	{"cra-early-warning", "Early warning of an actively exploited vulnerability", "cra-24h",
		"CRA Art. 14(2)(a)", false, {&maker, &product, &vulnerability, &aware, &states}},
	{"cra-notification", "Notification of an actively exploited vulnerability", "cra-72h",
		"CRA Art. 14(2)(b)", false,
		{&maker, &product, &vulnerability, &aware, &exploit, &nature, &measures,
			&user_measures, &sensitivity}},
	{"cra-final-report", "Final report on an actively exploited vulnerability", "cra-14d",
		"CRA Art. 14(2)(c)", false,
		{&maker, &product, &vulnerability, &severity, &actor, &update}},
	{"cra-incident-warning", "Early warning of a severe incident", "cra-incident-24h",
		"CRA Art. 14(4)(a)", false, {&maker, &product, &aware, &unlawful, &states}},
	{"cra-incident-notification", "Notification of a severe incident", "cra-incident-72h",
		"CRA Art. 14(4)(b)", false,
		{&maker, &product, &aware, &incident, &assessment, &measures, &user_measures,
			&sensitivity}},
	{"cra-incident-final-report", "Final report on a severe incident", "cra-incident-final",
		"CRA Art. 14(4)(c)", false, {&maker, &product, &incident_detail, &cause, &ongoing}},
	{"mdr-incident", "Report of a serious incident", "eu-87-15", "MDR Art. 87", true,
		{&mdr_maker, &mdr_device, &mdr_udi, &mdr_aware, &mdr_what, &mdr_causal,
			&mdr_background, &mdr_harm, &mdr_action}},
};

const struct tu_notice_kind *tu_notice_kind_at(size_t index)
{
	return index < TU_COUNT(kinds) ? &kinds[index] : NULL;
}

const char *tu_notice_kind_name(const struct tu_notice_kind *kind)
{
	return kind->name;
}

const struct tu_notice_kind *tu_notice_kind_by_name(struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(kinds); i++)
		if (tu_str_eq(name, tu_str_c(kinds[i].name)))
			return &kinds[i];
	return NULL;
}

/* ---- writing ---- */

/* Why the kind does not apply to the product; NULL: it does. */
static const char *inapplicable(const struct tu_notice_kind *kind, const struct tu_notice_input *in)
{
	if (kind->device && !in->device->medical)
		return "the product is no medical device";
	if (!kind->device && in->device->medical)
		return "the CRA does not apply to medical devices (Art. 2(2)); the proposed "
		       "Article 87a of the MDR is not in force";
	return NULL;
}

static bool is_rule(const struct tu_deadline *d, const struct tu_notice_kind *kind)
{
	/* an incident is of the row of its severity: 15, 10 or 2 days */
	return strcmp(d->rule->id, kind->rule) == 0 ||
		(kind->device && strncmp(d->rule->id, "eu-87-", 6) == 0);
}

struct writing {
	const struct tu_notice_kind *kind;
	const struct tu_notice_input *in;
	struct tu_buf value;
	struct tu_buf *out;
	struct tu_json_writer json;
	size_t missing;
};

static struct tu_str value_of(struct writing *w, const struct field *field)
{
	tu_buf_clear(&w->value);
	if (field->fill)
		field->fill(w->in, &w->value);
	w->missing += w->value.len == 0;
	return tu_buf_str(&w->value);
}

static bool is_filed(const struct tu_notice_input *in, const struct tu_deadline *d,
	const struct tu_case_event *event)
{
	return !event->corrected && event->at <= in->at &&
		(tu_str_eq(event->name, tu_str_c(d->rule->stop)) ||
			(d->rule->stop_too && tu_str_eq(event->name, tu_str_c(d->rule->stop_too))));
}

/* ---- as text ---- */

static void text_head(struct writing *w)
{
	const char *why = inapplicable(w->kind, w->in);

	tu_buf_printf(w->out, "%s (%s)\n", w->kind->title, w->kind->source);
	tu_buf_printf(w->out, "%.*s, %.*s, prepared ", TU_STR_FMT(w->in->device->family),
		TU_STR_FMT(w->in->of->vulnerability));
	tu_time_write(w->in->at, w->out);
	tu_buf_printf(w->out, " by %.*s. Prepared, not sent.\n", TU_STR_FMT(w->in->tool));
	if (why)
		tu_buf_printf(w->out, "Does not apply: %s.\n", why);
}

static void text_deadline(struct writing *w, const struct tu_deadline *d)
{
	bool filed = false;

	tu_buf_printf(w->out, "\nDeadline %s: %s", d->rule->id, tu_deadline_state_name(d->state));
	if (d->due) {
		tu_buf_c(w->out, ", due ");
		tu_time_write(d->due, w->out);
	}
	tu_buf_c(w->out, "\n");
	for (size_t i = 0; i < w->in->of->event_count; i++) {
		const struct tu_case_event *event = w->in->of->events[i];

		if (!is_filed(w->in, d, event))
			continue;
		filed = true;
		tu_buf_printf(w->out, "Filed: %.*s ", TU_STR_FMT(event->name));
		tu_time_write(event->at, w->out);
		tu_buf_printf(w->out, ", evidence: %.*s\n",
			TU_STR_FMT(event->evidence.len ? event->evidence
						       : TU_STR("none: it does not count")));
	}
	if (!filed)
		tu_buf_printf(w->out, "Not filed: no event %s is recorded\n", d->rule->stop);
}

static void write_text(struct writing *w)
{
	text_head(w);
	for (size_t i = 0; i < w->in->deadlines->count; i++)
		if (is_rule(&w->in->deadlines->at[i], w->kind))
			text_deadline(w, &w->in->deadlines->at[i]);
	for (size_t i = 0; i < FIELDS_MAX && w->kind->fields[i]; i++) {
		const struct field *field = w->kind->fields[i];
		struct tu_str value = value_of(w, field);

		tu_buf_printf(w->out, "\n%s (%s)\n", field->title, field->source);
		if (value.len)
			tu_buf_printf(w->out, "  %.*s\n", TU_STR_FMT(value));
		else
			tu_buf_printf(w->out, "  MISSING: %s\n", field->missing);
	}
	tu_buf_printf(w->out, "\n%zu fields are missing\n", w->missing);
}

/* ---- as a page ---- */

static void write_html(struct writing *w)
{
	struct tu_buf *out = w->out;
	const char *why = inapplicable(w->kind, w->in);

	tu_buf_c(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>");
	tu_html_word(out, w->kind->title);
	tu_buf_c(out, "</title></head><body>\n");
	tu_html_element(out, "h1", tu_str_c(w->kind->title));
	tu_buf_c(out, "<p>");
	tu_html_word(out, w->kind->source);
	tu_buf_c(out, ", ");
	tu_html_text(out, w->in->of->vulnerability);
	tu_buf_c(out, ". Prepared ");
	tu_html_time(out, w->in->at, "");
	tu_buf_c(out, ", not sent.</p>\n");
	if (why) {
		tu_buf_c(out, "<p><b>Does not apply:</b> ");
		tu_html_word(out, why);
		tu_buf_c(out, ".</p>\n");
	}
	tu_buf_c(out, "<dl>\n");
	for (size_t i = 0; i < FIELDS_MAX && w->kind->fields[i]; i++) {
		const struct field *field = w->kind->fields[i];
		struct tu_str value = value_of(w, field);

		tu_html_element(out, "dt", tu_str_c(field->title));
		tu_buf_c(out, value.len ? "<dd>" : "<dd><b>Missing:</b> ");
		tu_html_text(out, value.len ? value : tu_str_c(field->missing));
		tu_buf_c(out, "</dd>\n");
	}
	tu_buf_c(out, "</dl>\n");
	for (size_t i = 0; i < w->in->deadlines->count; i++) {
		if (!is_rule(&w->in->deadlines->at[i], w->kind))
			continue;
		tu_buf_clear(&w->value);
		w->out = &w->value;
		text_deadline(w, &w->in->deadlines->at[i]);
		w->out = out;
		tu_html_element(out, "pre", tu_buf_str(&w->value));
	}
	tu_buf_c(out, "</body></html>\n");
}

/* ---- as JSON ---- */

static void json_time(struct writing *w, const char *key, int64_t seconds)
{
	tu_json_key_str(&w->json, tu_str_c(key));
	tu_buf_clear(&w->value);
	if (seconds) {
		tu_time_write(seconds, &w->value);
		tu_json_add_str(&w->json, tu_buf_str(&w->value));
	} else {
		tu_json_add_null(&w->json);
	}
}

static void json_deadline(struct writing *w, const struct tu_deadline *d)
{
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "rule", tu_str_c(d->rule->id));
	tu_json_member_str(&w->json, "state", tu_str_c(tu_deadline_state_name(d->state)));
	json_time(w, "start", d->start);
	json_time(w, "due", d->due);
	tu_json_key(&w->json, "filed");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < w->in->of->event_count; i++) {
		const struct tu_case_event *event = w->in->of->events[i];

		if (!is_filed(w->in, d, event))
			continue;
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "event", event->name);
		json_time(w, "at", event->at);
		tu_json_member_str(&w->json, "evidence", event->evidence);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
	tu_json_close_object(&w->json);
}

static void json_fields(struct writing *w)
{
	tu_json_key(&w->json, "fields");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < FIELDS_MAX && w->kind->fields[i]; i++) {
		const struct field *field = w->kind->fields[i];
		struct tu_str value = value_of(w, field);

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", tu_str_c(field->id));
		tu_json_member_str(&w->json, "title", tu_str_c(field->title));
		tu_json_member_str(&w->json, "source", tu_str_c(field->source));
		tu_json_key(&w->json, "value");
		if (value.len)
			tu_json_add_str(&w->json, value);
		else
			tu_json_add_null(&w->json);
		if (!value.len)
			tu_json_member_str(&w->json, "missing", tu_str_c(field->missing));
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

static void write_json(struct writing *w)
{
	const char *why = inapplicable(w->kind, w->in);

	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "format", TU_STR("tutela-notice"));
	tu_json_member_int(&w->json, "format_version", 1);
	tu_json_member_str(&w->json, "kind", tu_str_c(w->kind->name));
	tu_json_member_str(&w->json, "title", tu_str_c(w->kind->title));
	tu_json_member_str(&w->json, "source", tu_str_c(w->kind->source));
	json_time(w, "at", w->in->at);
	tu_json_member_str(&w->json, "device", w->in->device->family);
	tu_json_member_str(&w->json, "vulnerability", w->in->of->vulnerability);
	tu_json_member_bool(&w->json, "applies", !why);
	tu_json_member_opt(&w->json, "why_not", tu_str_c(why ? why : ""));
	tu_json_key(&w->json, "deadlines");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < w->in->deadlines->count; i++)
		if (is_rule(&w->in->deadlines->at[i], w->kind))
			json_deadline(w, &w->in->deadlines->at[i]);
	tu_json_close_array(&w->json);
	json_fields(w);
	tu_json_member_int(&w->json, "missing", (int64_t)w->missing);
	tu_json_close_object(&w->json);
	tu_buf_byte(w->out, '\n');
}

enum tu_status tu_notice_write(const struct tu_notice_kind *kind,
	const struct tu_notice_input *input, enum tu_notice_format format, struct tu_sink *out,
	struct tu_error *err)
{
	static void (*const writers[])(struct writing * w) = {[TU_NOTICE_TEXT] = write_text,
		[TU_NOTICE_HTML] = write_html,
		[TU_NOTICE_JSON] = write_json};
	struct writing w = {.kind = kind,
		.in = input,
		.out = &out->buf,
		.json = tu_json_writer(&out->buf, true)};
	bool failed;

	tu_buf_init(&w.value, VALUE_MAX);
	writers[format](&w);
	failed = w.value.failed;
	tu_buf_done(&w.value);
	return failed ? tu_no_memory(err) : tu_sink_check(out, err);
}
