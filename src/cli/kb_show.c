/* tutela kb show: one vulnerability as all its records state it, each fact with its source. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/time.h"
#include "base/vec.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "show/describe.h"
#include "show/json_parts.h"
#include "app/kb_file.h"
#include "cli/options.h"
#include "app/output.h"
#include "show/paint.h"

static const char name[] = "kb show";

enum { TEXT_CEILING = 1 << 20, SPANS_SHOWN = 40 };

struct show {
	const struct tu_kb *kb;
	uint32_t index;
	struct tu_report_vulnerability vulnerability;
	struct tu_arena *arena;
	struct tu_output out;
	struct tu_paint paint;
	struct tu_buf text; /* one line in the making */
	TU_VEC(uint32_t) entries; /* of the vulnerability, in file order */
};

static bool collect_entries(struct show *s)
{
	struct tu_kb_info info;

	tu_kb_info(s->kb, &info);
	for (uint32_t i = 0; i < info.entries; i++)
		if (tu_kb_entry(s->kb, i).vulnerability == s->index && !TU_VEC_PUSH(&s->entries, i))
			return false;
	return true;
}

/* ---- text ---- */

/* Print what stands in s->text behind a label, and empty it. */
static void line(struct show *s, const char *label)
{
	tu_buf_c(s->paint.out, "  ");
	tu_paint_cell(&s->paint, TU_HUE_DIM, tu_str_c(label), 12, false);
	tu_paint(&s->paint, TU_HUE_PLAIN, tu_buf_str(&s->text));
	tu_buf_c(s->paint.out, "\n");
	tu_buf_clear(&s->text);
	tu_sink_spill(&s->out.sink);
}

static void add_texts(struct show *s, const char *label, const struct tu_report_texts *texts)
{
	if (texts->count == 0)
		return;
	for (size_t i = 0; i < texts->count; i++)
		tu_buf_printf(&s->text, "%s%.*s", i ? ", " : "", TU_STR_FMT(texts->at[i]));
	line(s, label);
}

static void add_threat(struct show *s)
{
	const struct tu_kb_vulnerability *facts = &s->vulnerability.facts;

	if (facts->has_kev || facts->was_kev) {
		tu_buf_c(&s->text, facts->has_kev ? "known to be exploited: " : "");
		tu_describe_exploited(s->kb, s->index, &s->text);
		line(s, "exploited");
	}
	if (facts->has_kev && facts->kev.due_date.len) {
		tu_buf_printf(&s->text, "%.*s, by %s", TU_STR_FMT(facts->kev.due_date),
			tu_describe_due(facts->kev.date_added));
		line(s, "KEV due");
	}
	if (facts->epss_score >= 0) {
		tu_buf_printf(&s->text, "%.2f %%, above %.1f %% of all",
			(double)facts->epss_score * 100, (double)facts->epss_percentile * 100);
		line(s, "EPSS");
	}
}

/* Sources that score the same vulnerability into different severities. */
static void add_disagreement(struct show *s)
{
	unsigned seen = 0;

	for (uint32_t r = 0; r < s->vulnerability.facts.advisories; r++) {
		uint32_t record = tu_kb_record(s->kb, s->index, r);
		struct tu_kb_advisory advisory = tu_kb_advisory(s->kb, record);

		for (uint32_t n = 0; n < advisory.scores; n++) {
			struct tu_score score = tu_kb_score(s->kb, record, n);
			enum tu_severity severity = tu_score_severity(&score);

			if (score.version == TU_CVSS_2 || (seen & (1u << severity)))
				continue;
			seen |= 1u << severity;
			tu_buf_printf(&s->text, "%s%s by %.*s", s->text.len ? "; " : "",
				tu_severity_name(severity),
				TU_STR_FMT(score.scorer.len ? score.scorer
							    : tu_describe_source(&advisory)));
		}
	}
	if (seen & (seen - 1))
		line(s, "disagreement");
	tu_buf_clear(&s->text);
}

static void add_head(struct show *s)
{
	const struct tu_kb_vulnerability *facts = &s->vulnerability.facts;
	struct tu_report_texts aliases = {0};

	tu_paint(&s->paint, TU_HUE_BOLD, facts->id);
	if (facts->rejected)
		tu_paint_c(&s->paint, TU_HUE_YELLOW, "  rejected or withdrawn by every record");
	if (facts->disputed)
		tu_paint_c(&s->paint, TU_HUE_YELLOW, "  disputed");
	tu_buf_c(s->paint.out, "\n");
	tu_buf_printf(&s->text, "%.*s", TU_STR_FMT(facts->title));
	line(s, tu_source_name(facts->title_source));
	if (tu_report_aliases(s->arena, s->kb, &s->vulnerability, &aliases))
		add_texts(s, "aliases", &aliases);
	add_threat(s);
	add_disagreement(s);
}

static void add_dates(struct show *s, const struct tu_kb_advisory *a)
{
	const struct {
		const char *word;
		int64_t date;
	} dates[] = {{"published", a->published}, {"modified", a->modified},
		{"withdrawn", a->withdrawn}};

	for (size_t i = 0; i < TU_COUNT(dates); i++) {
		if (dates[i].date == 0)
			continue;
		tu_buf_printf(&s->text, "%s%s ", s->text.len ? ", " : "", dates[i].word);
		tu_time_write_date(dates[i].date, &s->text);
	}
	if (a->state != TU_ADVISORY_PUBLISHED)
		tu_buf_printf(&s->text, "%s%s", s->text.len ? "; " : "",
			tu_advisory_state_name(a->state));
	if (s->text.len)
		line(s, "dates");
}

static void add_scores(struct show *s, uint32_t record, uint32_t count)
{
	for (uint32_t n = 0; n < count; n++) {
		struct tu_score score = tu_kb_score(s->kb, record, n);
		uint8_t tenths = tu_score_tenths(&score);

		tu_buf_c(&s->text, tu_severity_name(tu_score_severity(&score)));
		if (tenths != TU_SCORE_UNSTATED)
			tu_buf_printf(&s->text, " %.1f, CVSS %s", tenths / 10.0,
				tu_cvss_version_name(score.version));
		if (score.scorer.len)
			tu_buf_printf(&s->text, " by %.*s", TU_STR_FMT(score.scorer));
		tu_buf_printf(&s->text, "  %.*s", TU_STR_FMT(score.vector));
		line(s, "score");
	}
}

static void add_entries(struct show *s, uint32_t record)
{
	for (size_t i = 0; i < s->entries.count; i++) {
		uint32_t index = s->entries.at[i];
		struct tu_kb_entry entry = tu_kb_entry(s->kb, index);

		if (entry.advisory != record)
			continue;
		tu_describe_subject(&entry, &s->text);
		if (!entry.is_package && !entry.vulnerable) {
			line(s, "runs on");
			continue;
		}
		tu_buf_c(&s->text, "  ");
		tu_describe_entry(s->kb, &entry, index, SPANS_SHOWN, &s->text);
		if (entry.fixed.len)
			tu_buf_printf(&s->text, "  (fixed in %.*s)", TU_STR_FMT(entry.fixed));
		line(s, "affects");
	}
}

static void add_lists(struct show *s, uint32_t record, const struct tu_kb_advisory *a)
{
	for (uint32_t n = 0; n < a->cwes; n++)
		tu_buf_printf(
			&s->text, "%s%.*s", n ? ", " : "", TU_STR_FMT(tu_kb_cwe(s->kb, record, n)));
	if (s->text.len)
		line(s, "weakness");
	if (a->ssvc.exploitation.len) {
		tu_buf_printf(&s->text,
			"exploitation %.*s, automatable %.*s, technical impact %.*s",
			TU_STR_FMT(a->ssvc.exploitation), TU_STR_FMT(a->ssvc.automatable),
			TU_STR_FMT(a->ssvc.technical_impact));
		line(s, "SSVC");
	}
	add_entries(s, record);
	for (uint32_t n = 0; n < a->references; n++) {
		struct tu_reference reference = tu_kb_reference(s->kb, record, n);

		tu_buf_printf(&s->text, "%.*s", TU_STR_FMT(reference.url));
		if (reference.tags.len)
			tu_buf_printf(&s->text, "  (%.*s)", TU_STR_FMT(reference.tags));
		line(s, "reference");
	}
}

static void add_record(struct show *s, uint32_t record)
{
	struct tu_kb_advisory a = tu_kb_advisory(s->kb, record);

	tu_buf_c(s->paint.out, "\n");
	tu_paint(&s->paint, TU_HUE_BOLD, tu_describe_source(&a));
	if (a.source != TU_SOURCE_OSV && a.database.len) {
		tu_buf_c(s->paint.out, " (");
		tu_paint(&s->paint, TU_HUE_PLAIN, a.database);
		tu_buf_c(s->paint.out, ")");
	}
	tu_buf_c(s->paint.out, ", record ");
	tu_paint(&s->paint, TU_HUE_BOLD, a.id);
	tu_buf_c(s->paint.out, "\n");
	if (a.title.len && !tu_str_eq(a.title, s->vulnerability.facts.title)) {
		tu_buf_str_add(&s->text, a.title);
		line(s, "title");
	}
	add_dates(s, &a);
	add_scores(s, record, a.scores);
	add_lists(s, record, &a);
}

static void write_text(struct show *s)
{
	add_head(s);
	for (uint32_t r = 0; r < s->vulnerability.facts.advisories; r++)
		add_record(s, tu_kb_record(s->kb, s->index, r));
}

/* ---- JSON ---- */

static void json_entry(struct show *s, struct tu_json_writer *json, uint32_t index)
{
	struct tu_kb_entry entry = tu_kb_entry(s->kb, index);

	tu_json_open_object(json);
	tu_describe_subject(&entry, &s->text);
	tu_json_member_str(json, "about", tu_buf_str(&s->text));
	tu_buf_clear(&s->text);
	if (!entry.is_package)
		tu_json_member_bool(json, "vulnerable", entry.vulnerable);
	tu_json_member_str(json, "scheme", tu_scheme_name(entry.scheme));
	tu_describe_entry(s->kb, &entry, index, UINT32_MAX, &s->text);
	tu_json_member_str(json, "versions", tu_buf_str(&s->text));
	tu_buf_clear(&s->text);
	tu_kb_entry_vers(s->kb, index, &s->text);
	tu_json_member_opt(json, "vers", tu_buf_str(&s->text));
	tu_buf_clear(&s->text);
	tu_json_member_opt(json, "fixed", entry.fixed);
	tu_json_close_object(json);
	tu_sink_spill(&s->out.sink);
}

static void json_lists(struct show *s, struct tu_json_writer *json, uint32_t record,
	const struct tu_kb_advisory *a)
{
	tu_json_key(json, "scores");
	tu_json_open_array(json);
	for (uint32_t n = 0; n < a->scores; n++) {
		struct tu_score score = tu_kb_score(s->kb, record, n);

		tu_json_score(json, s->kb, &score, record);
	}
	tu_json_close_array(json);
	tu_json_key(json, "cwes");
	tu_json_open_array(json);
	for (uint32_t n = 0; n < a->cwes; n++)
		tu_json_add_str(json, tu_kb_cwe(s->kb, record, n));
	tu_json_close_array(json);
	tu_json_key(json, "affected");
	tu_json_open_array(json);
	for (size_t i = 0; i < s->entries.count; i++)
		if (tu_kb_entry(s->kb, s->entries.at[i]).advisory == record)
			json_entry(s, json, s->entries.at[i]);
	tu_json_close_array(json);
	tu_json_key(json, "references");
	tu_json_open_array(json);
	for (uint32_t n = 0; n < a->references; n++)
		tu_json_add_str(json, tu_kb_reference(s->kb, record, n).url);
	tu_json_close_array(json);
}

static void json_record(struct show *s, struct tu_json_writer *json, uint32_t record)
{
	struct tu_kb_advisory a = tu_kb_advisory(s->kb, record);

	tu_json_open_object(json);
	tu_json_member_str(json, "record", a.id);
	tu_json_member_str(json, "source", tu_str_c(tu_source_name(a.source)));
	tu_json_member_opt(json, "database", a.database);
	tu_json_member_str(json, "state", tu_str_c(tu_advisory_state_name(a.state)));
	tu_json_date(json, "published", a.published);
	tu_json_date(json, "modified", a.modified);
	tu_json_date(json, "withdrawn", a.withdrawn);
	tu_json_member_opt(json, "title", a.title);
	json_lists(s, json, record, &a);
	tu_json_close_object(json);
}

static void write_json(struct show *s)
{
	struct tu_json_writer json = tu_json_writer(&s->out.sink.buf, true);
	struct tu_report_texts aliases = {0};

	tu_json_open_object(&json);
	tu_json_member_str(&json, "id", s->vulnerability.facts.id);
	tu_json_member_str(&json, "title", s->vulnerability.facts.title);
	tu_json_member_bool(&json, "rejected", s->vulnerability.facts.rejected);
	tu_json_member_bool(&json, "disputed", s->vulnerability.facts.disputed);
	if (tu_report_aliases(s->arena, s->kb, &s->vulnerability, &aliases))
		tu_json_texts(&json, "aliases", aliases.at, aliases.count);
	tu_json_weight(&json, s->kb, &s->vulnerability);
	tu_json_key(&json, "records");
	tu_json_open_array(&json);
	for (uint32_t r = 0; r < s->vulnerability.facts.advisories; r++)
		json_record(s, &json, tu_kb_record(s->kb, s->index, r));
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_buf_c(&s->out.sink.buf, "\n");
}

/* ---- the command ---- */

/* "debian", "openssl": the releases of a product and when support of each ends. */
static bool show_releases(struct show *s, struct tu_str product, bool json)
{
	struct tu_json_writer writer = tu_json_writer(&s->out.sink.buf, true);
	struct tu_kb_info info;
	size_t count = 0;

	tu_kb_info(s->kb, &info);
	if (json)
		tu_json_open_array(&writer);
	for (uint32_t i = 0; i < info.lifecycles; i++) {
		struct tu_support_cycle cycle = tu_kb_lifecycle(s->kb, i);

		if (!tu_str_ieq(cycle.product, product))
			continue;
		count++;
		if (json) {
			tu_json_lifecycle(&writer, &cycle);
			continue;
		}
		tu_buf_printf(&s->out.sink.buf, "%.*s %-10.*s", TU_STR_FMT(cycle.product),
			TU_STR_FMT(cycle.cycle));
		tu_buf_printf(&s->out.sink.buf, " released %-10.*s security fixes end %.*s%s\n",
			TU_STR_FMT(cycle.released), TU_STR_FMT(cycle.eol),
			cycle.ended ? ": over" : "");
	}
	if (json)
		tu_json_close_array(&writer);
	return count > 0;
}

static enum tu_status show_other(struct show *s, const char *id, bool json, struct tu_error *err)
{
	enum tu_status status = tu_output_open(&s->out, NULL, err);

	if (status != TU_OK)
		return status;
	if (show_releases(s, tu_str_c(id), json))
		return tu_output_close(&s->out, err);
	tu_output_abandon(&s->out);
	return tu_fail(err, TU_E_NOTFOUND, 0, "the knowledge base has no vulnerability %s", id);
}

static enum tu_status show(struct show *s, const char *id, bool json, struct tu_error *err)
{
	enum tu_status status;

	s->index = tu_kb_find(s->kb, tu_str_c(id));
	if (s->index == TU_KB_NONE)
		return show_other(s, id, json, err);
	s->vulnerability.index = s->index;
	s->vulnerability.facts = tu_kb_vulnerability(s->kb, s->index);
	tu_report_choose_score(s->kb, &s->vulnerability);
	s->arena = tu_arena_new(0);
	if (!s->arena || !collect_entries(s))
		return tu_no_memory(err);
	status = tu_output_open(&s->out, NULL, err);
	if (status != TU_OK)
		return status;
	s->paint.out = &s->out.sink.buf;
	if (json)
		write_json(s);
	else
		write_text(s);
	return tu_output_close(&s->out, err);
}

struct request {
	const char *kb;
	const char *format;
	const char *colour;
};

static int run_show(int argc, char **argv)
{
	struct request request = {0};
	struct show s = {0};
	struct tu_kb_file file;
	struct tu_error err = {0};
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_kb_show, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(
			name, "expected one id, such as CVE-2021-44228, or one product");
	s.paint.colour = tu_options_colour(request.colour, STDOUT_FILENO);
	status = tu_kb_file_open(tu_context(), request.kb, TU_KB_VERIFY_ONCE, &file, &err);
	if (status == TU_OK) {
		s.kb = file.kb;
		tu_buf_init(&s.text, TEXT_CEILING);
		status = show(&s, argv[1], tu_options_json(request.format), &err);
		tu_buf_done(&s.text);
		TU_VEC_DONE(&s.entries);
		tu_arena_free(s.arena);
		tu_kb_file_close(&file);
	}
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static const struct tu_option options[] = {
	TU_OPTION_KB(struct request, kb),
	TU_OPTION_TEXT_OR_JSON(struct request, format),
	TU_OPTION_COLOUR(struct request, colour),
};

const struct tu_command tu_cmd_kb_show = {
	.name = "kb show",
	.summary = "Print what is known of a vulnerability, or the releases of a product",
	.usage = {"ID [OPTION...]", "PRODUCT [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "Each fact of a vulnerability names its source. For a product, prints its "
		 "releases\n"
		 "and when their support ends.\n",
	.run = run_show,
};
