#include "show/json_parts.h"

#include "base/sha256.h"
#include "match/upgrade.h"
#include "show/describe.h"
#include "feed/instant.h"

enum { SPANS_SHOWN = 1000 };

void tu_json_tool(struct tu_json_writer *json)
{
	tu_json_key(json, "tool");
	tu_json_open_object(json);
	tu_json_member_str(json, "name", TU_STR("tutela"));
	tu_json_member_str(json, "version", TU_STR(TUTELA_VERSION));
	tu_json_close_object(json);
}

void tu_json_date(struct tu_json_writer *json, const char *key, int64_t seconds)
{
	feed_write_instant(json, key, seconds);
}

static void member_sha256(struct tu_json_writer *json, const char *key, const uint8_t *digest)
{
	struct tu_buf text;

	tu_buf_init(&text, 64);
	tu_sha256_write(digest, &text);
	json->buf->failed |= text.failed;
	tu_json_member_str(json, key, tu_buf_str(&text));
	tu_buf_done(&text);
}

/* Nothing of the clock: a reader compares `stale_after` with its own. */
static void add_source(struct tu_json_writer *json, const struct tu_sidecar_source *source)
{
	struct tu_str status = TU_STR("ok");

	if (source->last_success == 0)
		status = TU_STR("never");
	else if (source->last_error.len)
		status = TU_STR("failed");
	tu_json_open_object(json);
	tu_json_member_str(json, "name", source->name);
	tu_json_member_str(json, "status", status);
	tu_json_date(json, "last_success", source->last_success);
	tu_json_date(json, "last_attempt", source->last_attempt);
	tu_json_member_opt(json, "last_error", source->last_error);
	if (source->last_success)
		tu_json_date(json, "stale_after", source->last_success + source->max_age);
	tu_json_member_int(json, "records", (int64_t)source->records);
	tu_json_close_object(json);
}

static void add_sources(struct tu_json_writer *json, const struct tu_sidecar *sidecar)
{
	if (!sidecar)
		return;
	tu_json_date(json, "built", sidecar->built);
	tu_json_key(json, "sources");
	tu_json_open_array(json);
	for (size_t i = 0; i < sidecar->source_count; i++)
		add_source(json, &sidecar->sources[i]);
	tu_json_close_array(json);
}

void tu_json_knowledge_base(struct tu_json_writer *json, const struct tu_kb_info *info,
	struct tu_str path, const struct tu_sidecar *sidecar)
{
	tu_json_key(json, "knowledge_base");
	tu_json_open_object(json);
	tu_json_member_str(json, "source", path.len ? TU_STR("file") : TU_STR("starter"));
	tu_json_member_opt(json, "path", path);
	member_sha256(json, "sha256", info->sha256);
	tu_json_member_int(json, "format", info->format);
	tu_json_date(json, "newest", info->newest);
	tu_json_member_int(json, "vulnerabilities", info->vulnerabilities);
	tu_json_member_int(json, "records", info->advisories);
	add_sources(json, sidecar);
	tu_json_close_object(json);
}

void tu_json_sbom(
	struct tu_json_writer *json, const struct tu_inventory *inventory, struct tu_str path)
{
	tu_json_key(json, "sbom");
	tu_json_open_object(json);
	tu_json_member_str(json, "path", path);
	tu_json_member_str(json, "format", tu_str_c(tu_sbom_format_name(inventory->format)));
	tu_json_member_opt(json, "spec_version", inventory->spec_version);
	tu_json_member_opt(json, "serial", inventory->serial);
	tu_json_member_opt(json, "name", inventory->name);
	tu_json_member_opt(json, "created", inventory->created);
	tu_json_close_object(json);
}

void tu_json_score(struct tu_json_writer *json, const struct tu_kb *kb,
	const struct tu_score *score, uint32_t record)
{
	struct tu_kb_advisory advisory = tu_kb__advisory_head(kb, record);
	uint8_t tenths = tu_score_tenths(score);

	tu_json_open_object(json);
	tu_json_member_opt(json, "version", tu_str_c(tu_cvss_version_name(score->version)));
	if (tenths != TU_SCORE_UNSTATED) {
		tu_json_key(json, "base");
		tu_json_add_number(json, tenths / 10.0);
		tu_json_member_bool(json, "computed", score->base_tenths == TU_SCORE_UNSTATED);
	}
	tu_json_member_str(json, "severity", tu_str_c(tu_severity_name(tu_score_severity(score))));
	tu_json_member_opt(json, "stated_severity", score->severity);
	tu_json_member_opt(json, "vector", score->vector);
	tu_json_member_opt(json, "scorer", score->scorer);
	tu_json_member_str(json, "source", tu_describe_source(&advisory));
	tu_json_member_str(json, "record", advisory.id);
	tu_json_close_object(json);
}

static void add_kev(struct tu_json_writer *json, const struct tu_kev *kev)
{
	tu_json_open_object(json);
	tu_json_member_opt(json, "date_added", kev->date_added);
	tu_json_member_opt(json, "due_date", kev->due_date);
	tu_json_member_bool(json, "ransomware", kev->ransomware);
	tu_json_close_object(json);
}

static void add_epss(struct tu_json_writer *json, const struct tu_kb_vulnerability *facts)
{
	tu_json_open_object(json);
	tu_json_key(json, "score");
	tu_json_add_number(json, (double)facts->epss_score);
	if (facts->epss_percentile >= 0) {
		tu_json_key(json, "percentile");
		tu_json_add_number(json, (double)facts->epss_percentile);
	}
	tu_json_close_object(json);
}

void tu_json_gate(struct tu_json_writer *json, struct tu_str expression,
	const struct tu_gate_verdict *verdict)
{
	if (!expression.len)
		return;
	tu_json_key(json, "policy");
	tu_json_open_object(json);
	tu_json_member_str(json, "expression", expression);
	tu_json_member_bool(json, "judged", !verdict->unjudged);
	tu_json_member_bool(json, "violated", tu_gate_fails(verdict));
	tu_json_key(json, "violations");
	tu_json_open_array(json);
	for (size_t i = 0; i < verdict->count; i++) {
		const struct tu_gate_violation *violation = &verdict->violations[i];

		tu_json_open_object(json);
		tu_json_member_str(json, "rule", violation->rule->text);
		tu_json_member_int(json, "count", (int64_t)violation->count);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_close_object(json);
}

void tu_json_weight(struct tu_json_writer *json, const struct tu_kb *kb,
	const struct tu_report_vulnerability *vulnerability)
{
	const struct tu_kb_vulnerability *facts = &vulnerability->facts;

	tu_json_member_str(json, "severity", tu_str_c(tu_severity_name(vulnerability->severity)));
	tu_json_key(json, "score");
	if (vulnerability->has_score)
		tu_json_score(json, kb, &vulnerability->score, vulnerability->scored_by);
	else
		tu_json_add_null(json);
	tu_json_key(json, "kev");
	if (facts->has_kev)
		add_kev(json, &facts->kev);
	else
		tu_json_add_null(json);
	tu_json_exploited(json, kb, vulnerability->index);
	tu_json_key(json, "epss");
	if (facts->epss_score >= 0)
		add_epss(json, facts);
	else
		tu_json_add_null(json);
}

/* The range that was compared, the deciding span's or else the whole entry's, as text; and the
 * affected versions as vers. */
static void add_range(struct tu_json_writer *json, struct kb_versions *versions,
	const struct tu_evidence *evidence, const struct tu_kb_entry *entry)
{
	const struct tu_kb *kb = versions->kb;
	struct tu_buf *text = json->buf;
	size_t start;

	tu_json_key(json, "range");
	start = tu_json_open_text(json);
	if (evidence->span != TU_KB_NONE) {
		struct tu_span span = tu_kb_span(kb, evidence->entry, evidence->span);

		tu_describe_interval(&span.interval, text);
	} else {
		tu_describe_entry(kb, entry, evidence->entry, SPANS_SHOWN, text);
	}
	tu_json_close_text(json, start);
	tu_buf_clear(&versions->text);
	tu_match__vers(versions, evidence, &versions->text);
	json->buf->failed |= versions->text.failed;
	tu_json_member_opt(json, "vers", tu_buf_str(&versions->text));
}

static void add_subject(struct tu_json_writer *json, const struct tu_kb_entry *entry)
{
	size_t start;

	tu_json_key(json, "about");
	start = tu_json_open_text(json);
	tu_describe_subject(entry, json->buf);
	tu_json_close_text(json, start);
}

/* Which packages of a Go module the record is about. */
static void add_imports(struct tu_json_writer *json, struct tu_str packages)
{
	struct tu_str one;

	if (packages.len == 0)
		return;
	tu_json_key(json, "imports");
	tu_json_open_array(json);
	while (tu_str_split(&packages, ' ', &one))
		tu_json_add_str(json, one);
	tu_json_close_array(json);
}

/* The fix by this piece of evidence alone: the finding's own where there is no other piece. */
static struct tu_str fix_of(struct kb_versions *versions, const struct tu_finding *finding,
	const struct tu_evidence *evidence)
{
	return finding->evidence_count == 1 ? finding->fixed
					    : tu_match__evidence_fix(versions, evidence);
}

/* Evidence that rests on the SBOM alone has no entry. */
static void add_entry(struct tu_json_writer *json, struct kb_versions *versions,
	const struct tu_finding *finding, const struct tu_evidence *evidence)
{
	struct tu_kb_entry entry = tu_kb__entry_of(versions->kb, evidence->entry, evidence->owner);

	add_subject(json, &entry);
	if (tu_str_eq(entry.type, TU_STR("golang")))
		add_imports(json, entry.module);
	tu_json_member_str(json, "scheme", tu_scheme_name(entry.scheme));
	add_range(json, versions, evidence, &entry);
	tu_json_member_opt(json, "fixed", fix_of(versions, finding, evidence));
}

static void add_record(struct tu_json_writer *json, const struct tu_kb *kb, uint32_t record)
{
	struct tu_kb_advisory advisory = tu_kb__advisory_head(kb, record);

	tu_json_member_str(json, "record", advisory.id);
	tu_json_member_str(json, "source", tu_str_c(tu_source_name(advisory.source)));
	tu_json_member_opt(json, "database", advisory.database);
	tu_json_date(json, "record_date", tu_describe_date(&advisory));
}

void tu_json_evidence(struct tu_json_writer *json, struct kb_versions *versions,
	const struct tu_finding *finding, size_t index)
{
	const struct tu_evidence *evidence = &finding->evidence[index];

	tu_json_open_object(json);
	tu_json_member_bool(json, "decisive", evidence->decisive);
	tu_json_member_str(json, "verdict", tu_str_c(tu_match_verdict_name(evidence->verdict)));
	tu_json_member_str(json, "reason", tu_str_c(tu_reason_name(evidence->reason)));
	if (evidence->advisory != TU_KB_NONE)
		add_record(json, versions->kb, evidence->advisory);
	tu_json_member_str(json, "by", tu_str_c(tu_match_by_name(evidence->by)));
	tu_json_member_opt(json, "identifier", evidence->identifier);
	tu_json_member_opt(json, "version", evidence->version);
	if (evidence->entry != TU_KB_NONE)
		add_entry(json, versions, finding, evidence);
	if (evidence->platform_assumed)
		tu_json_member_bool(json, "platform_assumed", true);
	tu_json_close_object(json);
}

void tu_json_component(struct tu_json_writer *json, const struct tu_inventory *inventory,
	const struct tu_component *component)
{
	size_t start;

	tu_json_open_object(json);
	tu_json_member_opt(json, "bom_ref", component->ref);
	tu_json_member_opt(json, "group", component->group);
	tu_json_member_str(json, "name", component->name);
	tu_json_member_opt(json, "version", component->version);
	tu_json_member_opt(json, "purl", component->purl);
	tu_json_key(json, "pointer");
	start = tu_json_open_text(json);
	tu_component_pointer(inventory, component, json->buf);
	tu_json_close_text(json, start);
	if (component->scope == TU_SCOPE_EXCLUDED)
		tu_json_member_bool(json, "excluded", true);
	tu_json_close_object(json);
}

void tu_json_texts(
	struct tu_json_writer *json, const char *key, const struct tu_str *texts, size_t count)
{
	if (count == 0)
		return;
	tu_json_key(json, key);
	tu_json_open_array(json);
	for (size_t i = 0; i < count; i++)
		tu_json_add_str(json, texts[i]);
	tu_json_close_array(json);
}

void tu_json_lifecycle_members(struct tu_json_writer *json, const struct tu_support_cycle *cycle)
{
	tu_json_member_str(json, "product", cycle->product);
	tu_json_member_str(json, "release", cycle->cycle);
	tu_json_member_opt(json, "released", cycle->released);
	tu_json_member_opt(json, "support_ends", cycle->support);
	tu_json_member_opt(json, "fixes_end", cycle->eol);
	tu_json_member_opt(json, "extended_fixes_end", cycle->extended);
}

void tu_json_lifecycle(struct tu_json_writer *json, const struct tu_support_cycle *cycle)
{
	tu_json_open_object(json);
	tu_json_lifecycle_members(json, cycle);
	tu_json_close_object(json);
}
