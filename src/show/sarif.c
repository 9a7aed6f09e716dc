/*
 * --format sarif: SARIF 2.1.0 (OASIS Standard), for code scanning services.
 *
 * A vulnerability is a rule, a finding a result. What is undecided is a result of kind "review";
 * what the SBOM itself decides is a suppressed result.
 */
#include <tutela/exploited.h>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "show/describe.h"
#include "show/format.h"

enum { TEXT_CEILING = 1 << 20 };

struct sarif {
	const struct tu_report *report;
	struct tu_sink *out;
	struct tu_json_writer json;
	struct tu_buf text; /* for one string */
	struct tu_arena *scratch;
	bool failed;
};

static const char *level_of(enum tu_severity severity)
{
	static const char *const levels[TU_SEVERITY_COUNT_] = {
		[TU_SEVERITY_UNKNOWN] = "warning",
		[TU_SEVERITY_NONE] = "note",
		[TU_SEVERITY_LOW] = "note",
		[TU_SEVERITY_MEDIUM] = "warning",
		[TU_SEVERITY_HIGH] = "error",
		[TU_SEVERITY_CRITICAL] = "error",
	};

	return levels[severity];
}

/* What has been composed in s->text as a member. */
static void member_composed(struct sarif *s, const char *key)
{
	s->failed |= s->text.failed;
	tu_json_member_str(&s->json, key, tu_buf_str(&s->text));
	tu_buf_clear(&s->text);
}

/* The member "text" of a message. SARIF 2.1.0, 3.11.5 and 3.11.6: brackets are links and braces
 * placeholders unless they are escaped, and what these texts contain comes from strangers. */
static void member_text(struct sarif *s, struct tu_str text)
{
	size_t start;

	tu_json_key(&s->json, "text");
	start = tu_json_open_text(&s->json);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '[' || c == ']' || c == '\\')
			tu_buf_byte(s->json.buf, '\\');
		else if (c == '{' || c == '}')
			tu_buf_byte(s->json.buf, c);
		tu_buf_byte(s->json.buf, c);
	}
	tu_json_close_text(&s->json, start);
}

static void member_message(struct sarif *s, const char *key, struct tu_str text)
{
	tu_json_key(&s->json, key);
	tu_json_open_object(&s->json);
	member_text(s, text);
	tu_json_close_object(&s->json);
}

/* What has been composed in s->text as a message. */
static void message_composed(struct sarif *s, const char *key)
{
	s->failed |= s->text.failed;
	member_message(s, key, tu_buf_str(&s->text));
	tu_buf_clear(&s->text);
}

/* ---- rules ---- */

/* False: the id is not one that a URL can be made of. */
static bool compose_record_url(struct sarif *s, struct tu_str id)
{
	bool is_cve = tu_str_starts(id, TU_STR("CVE-"));

	for (size_t i = 0; i < id.len; i++)
		if (!tu_char_is_alnum(id.ptr[i]) &&
			(id.ptr[i] == '\0' || !strchr("-._:", id.ptr[i])))
			return false;
	tu_buf_c(&s->text,
		is_cve ? "https://www.cve.org/CVERecord?id=" : "https://osv.dev/vulnerability/");
	tu_buf_str_add(&s->text, id);
	return true;
}

static void add_help(struct sarif *s, struct tu_str id)
{
	if (compose_record_url(s, id))
		member_composed(s, "helpUri");
	tu_buf_c(&s->text, "The record of ");
	tu_buf_str_add(&s->text, id);
	tu_buf_c(&s->text, ": ");
	if (!compose_record_url(s, id))
		tu_buf_c(&s->text, "in the feed that it came from");
	message_composed(s, "help");
}

/* "known-exploited", and "exploited-by:CISA" for each catalogue that says so. */
static void add_exploited_tags(struct sarif *s, const struct tu_report_vulnerability *v)
{
	struct tu_str rest, name;

	tu_json_add_str(&s->json, TU_STR("known-exploited"));
	tu_kb_exploited_names(s->report->kb, v->index, "\n", &s->text);
	rest = tu_buf_str(&s->text);
	while (tu_str_split(&rest, '\n', &name)) {
		size_t start = tu_json_open_text(&s->json);

		tu_buf_c(s->json.buf, "exploited-by:");
		tu_buf_str_add(s->json.buf, name);
		tu_json_close_text(&s->json, start);
	}
	tu_buf_clear(&s->text);
}

static void add_rule_properties(struct sarif *s, const struct tu_report_vulnerability *v)
{
	struct tu_report_texts cwes = {0};

	tu_arena_reset(s->scratch);
	s->failed |= !tu_report_cwes(s->scratch, s->report->kb, v, &cwes);
	tu_json_key(&s->json, "properties");
	tu_json_open_object(&s->json);
	if (v->tenths != TU_SCORE_UNSTATED) {
		tu_buf_printf(&s->text, "%u.%u", v->tenths / 10u, v->tenths % 10u);
		member_composed(s, "security-severity");
	}
	tu_json_key(&s->json, "tags");
	tu_json_open_array(&s->json);
	tu_json_add_str(&s->json, TU_STR("security"));
	if (v->facts.has_kev)
		add_exploited_tags(s, v);
	for (size_t i = 0; i < cwes.count; i++)
		tu_json_add_str(&s->json, cwes.at[i]);
	tu_json_close_array(&s->json);
	tu_json_close_object(&s->json);
}

static void add_rule(struct sarif *s, const struct tu_report_vulnerability *v)
{
	struct tu_str title = v->facts.title.len ? v->facts.title : v->facts.id;

	tu_json_open_object(&s->json);
	tu_json_member_str(&s->json, "id", v->facts.id);
	/* GitHub's code scanning refuses a rule without all three texts */
	member_message(s, "shortDescription", title);
	member_message(s, "fullDescription", title);
	add_help(s, v->facts.id);
	tu_json_key(&s->json, "defaultConfiguration");
	tu_json_open_object(&s->json);
	tu_json_member_str(&s->json, "level", tu_str_c(level_of(v->severity)));
	tu_json_close_object(&s->json);
	add_rule_properties(s, v);
	tu_json_close_object(&s->json);
	tu_sink_spill(s->out);
}

static void add_driver(struct sarif *s)
{
	tu_json_key(&s->json, "tool");
	tu_json_open_object(&s->json);
	tu_json_key(&s->json, "driver");
	tu_json_open_object(&s->json);
	tu_json_member_str(&s->json, "name", TU_STR("tutela"));
	tu_json_member_str(&s->json, "version", TU_STR(TUTELA_VERSION));
	tu_json_key(&s->json, "rules");
	tu_json_open_array(&s->json);
	for (size_t i = 0; i < s->report->vulnerability_count; i++)
		add_rule(s, &s->report->vulnerabilities[i]);
	tu_json_close_array(&s->json);
	tu_json_close_object(&s->json);
	tu_json_close_object(&s->json);
}

/* ---- results ---- */

/* RFC 3986: everything but the unreserved characters and the slash is encoded. SARIF 2.1.0, 3.4.3:
 * a relative reference or an absolute URI, so that an absolute path becomes a file: URI. */
static void add_uri(struct sarif *s, const char *key, struct tu_str path)
{
	if (tu_str_starts(path, TU_STR("/")))
		tu_buf_c(&s->text, "file://");
	for (size_t i = 0; i < path.len; i++) {
		char c = path.ptr[i];

		if (tu_char_is_alnum(c) || (c && strchr("-._~/", c)))
			tu_buf_byte(&s->text, c);
		else
			tu_buf_printf(&s->text, "%%%02X", (unsigned)(unsigned char)c);
	}
	member_composed(s, key);
}

/* Code scanning services refuse a result without one: standard input has a name, too. The region is
 * the beginning of the document, which services show; the place in it is a logical location. */
static void add_physical_location(struct sarif *s)
{
	static const char *const places[] = {"startLine", "startColumn", "endLine", "endColumn"};
	struct tu_str path = s->report->inventory_path;

	if (path.len == 0 || tu_str_eq(path, TU_STR("-")))
		path = TU_STR("stdin");
	tu_json_key(&s->json, "physicalLocation");
	tu_json_open_object(&s->json);
	tu_json_key(&s->json, "artifactLocation");
	tu_json_open_object(&s->json);
	add_uri(s, "uri", path);
	tu_json_close_object(&s->json);
	tu_json_key(&s->json, "region");
	tu_json_open_object(&s->json);
	for (size_t i = 0; i < TU_COUNT(places); i++)
		tu_json_member_int(&s->json, places[i], 1);
	tu_json_close_object(&s->json);
	tu_json_close_object(&s->json);
}

static void compose_name(struct sarif *s, const struct tu_component *component)
{
	tu_buf_str_add(&s->text, component->name);
	if (component->version.len) {
		tu_buf_byte(&s->text, '@');
		tu_buf_str_add(&s->text, component->version);
	}
}

static void add_location(struct sarif *s, const struct tu_component *component)
{
	tu_json_open_object(&s->json);
	add_physical_location(s);
	tu_json_key(&s->json, "logicalLocations");
	tu_json_open_array(&s->json);
	tu_json_open_object(&s->json);
	compose_name(s, component);
	member_composed(s, "name");
	if (component->purl.len)
		tu_buf_str_add(&s->text, component->purl);
	else
		compose_name(s, component);
	member_composed(s, "fullyQualifiedName");
	tu_json_member_str(&s->json, "kind", TU_STR("module"));
	tu_json_close_object(&s->json);
	tu_json_open_object(&s->json);
	tu_component_pointer(s->report->inventory, component, &s->text);
	member_composed(s, "fullyQualifiedName");
	tu_json_member_opt(&s->json, "name", component->ref);
	tu_json_member_str(&s->json, "kind", TU_STR("object"));
	tu_json_close_object(&s->json);
	tu_json_close_array(&s->json);
	tu_json_close_object(&s->json);
	tu_sink_spill(s->out);
}

static void add_locations(struct sarif *s, const struct tu_distinct *distinct)
{
	tu_json_key(&s->json, "locations");
	tu_json_open_array(&s->json);
	for (size_t i = 0; i < distinct->component_count; i++)
		add_location(s, &s->report->inventory->components[distinct->components[i]]);
	tu_json_close_array(&s->json);
}

/* "openssl 1.1.1k is affected by CVE-…: the version is in an affected range. Fixed in 1.1.1l." */
static void add_message(struct sarif *s, const struct tu_report_row *row)
{
	static const char *const words[] = {
		[TU_MATCH_UNDECIDED] = " may be affected by ",
		[TU_MATCH_AFFECTED] = " is affected by ",
		[TU_MATCH_NOT_AFFECTED] = " is not affected by ",
	};

	compose_name(s, row->component);
	tu_buf_c(&s->text, words[row->finding->verdict]);
	tu_buf_str_add(&s->text, row->vulnerability->facts.id);
	tu_buf_printf(&s->text, ": %s.", tu_reason_sentence(row->finding->reason));
	if (row->finding->fixed.len)
		tu_buf_printf(&s->text, " Fixed in %.*s.", TU_STR_FMT(row->finding->fixed));
	message_composed(s, "message");
}

/* Stays the same when the component moves within the document. */
static void add_fingerprint(struct sarif *s, const struct tu_report_row *row)
{
	const struct tu_component *component = row->component;
	uint8_t digest[TU_SHA256_BYTES];

	tu_buf_str_add(&s->text, row->vulnerability->facts.id);
	tu_buf_byte(&s->text, '\n');
	tu_buf_str_add(&s->text, component->purl);
	tu_buf_byte(&s->text, '\n');
	compose_name(s, component);
	s->failed |= s->text.failed || tu_sha256(tu_buf_str(&s->text), digest) != TU_OK;
	tu_buf_clear(&s->text);
	if (s->failed)
		return;
	tu_json_key(&s->json, "partialFingerprints");
	tu_json_open_object(&s->json);
	tu_sha256_write(digest, &s->text);
	member_composed(s, "tutelaFinding/v1");
	tu_json_close_object(&s->json);
}

static void add_suppression(struct sarif *s, const struct tu_finding *finding)
{
	tu_json_key(&s->json, "suppressions");
	tu_json_open_array(&s->json);
	tu_json_open_object(&s->json);
	tu_json_member_str(&s->json, "kind", TU_STR("external"));
	tu_json_member_str(&s->json, "status", TU_STR("accepted"));
	tu_json_member_opt(&s->json, "justification", finding->statement);
	tu_json_close_object(&s->json);
	tu_json_close_array(&s->json);
}

static void add_result(struct sarif *s, const struct tu_report_row *row)
{
	bool undecided = row->finding->verdict == TU_MATCH_UNDECIDED;

	tu_json_open_object(&s->json);
	tu_json_member_str(&s->json, "ruleId", row->vulnerability->facts.id);
	tu_json_member_int(&s->json, "ruleIndex", row->vulnerability - s->report->vulnerabilities);
	/* SARIF 3.27.9: a kind other than "fail" goes with the level "none" */
	tu_json_member_str(&s->json, "kind", undecided ? TU_STR("review") : TU_STR("fail"));
	tu_json_member_str(&s->json, "level",
		undecided ? TU_STR("none") : tu_str_c(level_of(row->vulnerability->severity)));
	add_message(s, row);
	add_locations(s, row->distinct);
	add_fingerprint(s, row);
	if (row->distinct->excluded) {
		tu_json_key(&s->json, "properties");
		tu_json_open_object(&s->json);
		tu_json_member_bool(&s->json, "excluded", true);
		tu_json_close_object(&s->json);
	}
	if (row->finding->verdict == TU_MATCH_NOT_AFFECTED)
		add_suppression(s, row->finding);
	tu_json_close_object(&s->json);
	tu_sink_spill(s->out);
}

static void add_results(struct sarif *s)
{
	const struct tu_report *report = s->report;

	tu_json_key(&s->json, "results");
	tu_json_open_array(&s->json);
	for (size_t g = 0; g < report->group_count; g++)
		for (size_t i = 0; i < report->groups[g].affected + report->groups[g].undecided;
			i++)
			add_result(s, &report->groups[g].rows[i]);
	for (size_t i = 0; i < report->not_affected_count; i++)
		add_result(s, &report->not_affected[i]);
	tu_json_close_array(&s->json);
}

/* What the SBOM reader did not understand. */
static void add_notifications(struct sarif *s)
{
	const struct tu_inventory *inventory = s->report->inventory;

	tu_json_key(&s->json, "invocations");
	tu_json_open_array(&s->json);
	tu_json_open_object(&s->json);
	tu_json_member_bool(&s->json, "executionSuccessful", true);
	tu_json_key(&s->json, "toolExecutionNotifications");
	tu_json_open_array(&s->json);
	for (size_t i = 0; i < inventory->note_count; i++) {
		tu_json_open_object(&s->json);
		tu_json_member_str(&s->json, "level", TU_STR("note"));
		tu_buf_str_add(&s->text, inventory->notes[i].pointer);
		tu_buf_c(&s->text, ": ");
		tu_buf_str_add(&s->text, inventory->notes[i].message);
		message_composed(s, "message");
		tu_json_close_object(&s->json);
	}
	tu_json_close_array(&s->json);
	tu_json_close_object(&s->json);
	tu_json_close_array(&s->json);
}

static void write_all(struct sarif *s)
{
	tu_json_open_object(&s->json);
	tu_json_member_str(&s->json, "$schema",
		TU_STR("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
		       "sarif-schema-2.1.0.json"));
	tu_json_member_str(&s->json, "version", TU_STR("2.1.0"));
	tu_json_key(&s->json, "runs");
	tu_json_open_array(&s->json);
	tu_json_open_object(&s->json);
	add_driver(s);
	add_notifications(s);
	add_results(s);
	tu_json_close_object(&s->json);
	tu_json_close_array(&s->json);
	tu_json_close_object(&s->json);
	tu_buf_c(&s->out->buf, "\n");
}

enum tu_status tu_format_sarif(const struct tu_report *report, const struct tu_scan_style *style,
	struct tu_sink *out, struct tu_error *err)
{
	struct sarif s = {
		.report = report,
		.out = out,
		.json = tu_json_writer(&out->buf, true),
		.scratch = tu_arena_new(0),
	};
	(void)style;

	if (!s.scratch)
		return tu_scan_format_no_memory(err);
	tu_buf_init(&s.text, TEXT_CEILING);
	write_all(&s);
	tu_buf_done(&s.text);
	tu_arena_free(s.scratch);
	return s.failed ? tu_scan_format_no_memory(err) : TU_OK;
}
