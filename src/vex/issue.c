#include "vex/issue.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/percent.h"
#include "base/sha256.h"
#include "base/time.h"
#include "csaf/csaf.h"

static const struct {
	const char *name;
	enum tu_status (*write)(struct tu_issue_writer *w);
	bool json;
} formats[TU_ISSUE_FORMATS] = {
	[TU_ISSUE_OPENVEX] = {"openvex", tu_issue_openvex, true},
	[TU_ISSUE_CYCLONEDX] = {"cyclonedx", tu_issue_cyclonedx, true},
	[TU_ISSUE_CSAF_VEX] = {"csaf-vex", tu_issue_csaf_vex, true},
	[TU_ISSUE_CSAF_ADVISORY] = {"csaf-advisory", tu_issue_csaf_advisory, true},
	[TU_ISSUE_NOTICE_HTML] = {"notice-html", tu_issue_notice_html, false},
	[TU_ISSUE_NOTICE_TEXT] = {"notice-text", tu_issue_notice_text, false},
};

const char *tu_issue_format_name(enum tu_issue_format format)
{
	return (unsigned)format < TU_ISSUE_FORMATS ? formats[format].name : "";
}

bool tu_issue_format_by_name(struct tu_str name, enum tu_issue_format *out_format)
{
	for (unsigned i = 0; i < TU_ISSUE_FORMATS; i++)
		if (tu_str_eq(name, tu_str_c(formats[i].name))) {
			*out_format = (enum tu_issue_format)i;
			return true;
		}
	return false;
}

/* ---- helpers ---- */

void tu_issue_time(int64_t seconds, struct tu_buf *out)
{
	tu_time_write(seconds, out);
}

void tu_issue_member_time(struct tu_issue_writer *w, const char *key, int64_t seconds)
{
	struct tu_buf text;

	tu_buf_init(&text, 64);
	tu_issue_time(seconds, &text);
	if (text.failed)
		w->out->failed = true;
	tu_json_member_str(&w->json, key, tu_buf_str(&text));
	tu_buf_done(&text);
}

void tu_issue_member_fmt(struct tu_issue_writer *w, const char *key, const char *fmt, ...)
{
	char text[4096];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (len < 0)
		len = 0;
	tu_json_member_str(&w->json, key,
		tu_str_of(text, (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1));
}

/* For a purl: lower case, white space and hyphens to one hyphen, every other byte encoded. */
static void add_slug(struct tu_str text, struct tu_buf *out)
{
	bool gap = false, begun = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = tu_char_lower(text.ptr[i]);

		if (c == ' ' || c == '-') {
			gap = begun;
			continue;
		}
		if (gap)
			tu_buf_byte(out, '-');
		gap = false;
		begun = true;
		tu_percent_add(tu_str_of(&c, 1), TU_STR("._~"), out);
	}
}

void tu_issue_purl(
	const struct tu_issue *issue, const struct tu_issue_product *product, struct tu_buf *out)
{
	if (product->purl.len || product->link.len) {
		tu_buf_str_add(out, product->purl);
		return;
	}
	tu_buf_c(out, "pkg:generic/");
	add_slug(issue->publisher, out);
	tu_buf_byte(out, '/');
	add_slug(issue->family, out);
	tu_buf_byte(out, '@');
	tu_percent_add(product->version, TU_STR("-._~"), out);
}

void tu_issue_product_id(const struct tu_issue_product *product, struct tu_buf *out)
{
	tu_percent_add(product->variant, TU_STR("-._~+"), out);
	tu_buf_byte(out, ':');
	tu_percent_add(product->version, TU_STR("-._~+"), out);
}

const struct tu_issue_hash *tu_issue_hash_words(const struct tu_hash_value *hash)
{
	static const struct {
		const char *algorithm; /* its letters and digits */
		size_t length; /* of the value */
		struct tu_issue_hash words;
	} algorithms[] = {
		{"md5", 32, {"md5", "md5"}},
		{"sha1", 40, {"sha1", "sha1"}},
		{"sha256", 64, {"sha-256", "sha256"}},
		{"sha384", 96, {"sha-384", "sha384"}},
		{"sha512", 128, {"sha-512", "sha512"}},
		{"sha3256", 64, {"sha3-256", "sha3-256"}},
		{"sha3384", 96, {"sha3-384", "sha3-384"}},
		{"sha3512", 128, {"sha3-512", "sha3-512"}},
	};
	char letters[16];
	size_t len = 0;

	for (size_t i = 0; i < hash->algorithm.len && len < sizeof(letters); i++)
		if (tu_char_is_alnum(hash->algorithm.ptr[i]))
			letters[len++] = tu_char_lower(hash->algorithm.ptr[i]);
	for (size_t i = 0; i < TU_COUNT(algorithms); i++)
		if (tu_str_eq(tu_str_of(letters, len), tu_str_c(algorithms[i].algorithm)) &&
			hash->value.len == algorithms[i].length)
			return &algorithms[i].words;
	return NULL;
}

void tu_issue_iri(const struct tu_issue *issue, struct tu_buf *out)
{
	struct tu_str namespace_ = issue->namespace_;

	while (tu_str_ends(namespace_, TU_STR("/")))
		namespace_.len--;
	tu_buf_str_add(out, namespace_);
	tu_buf_c(out, "/vex/");
	tu_percent_add(issue->id, TU_STR("-._~:@+"), out);
}

enum tu_status tu_issue_need_namespace(const struct tu_issue_writer *w, const char *format)
{
	if (tu_csaf_rule_holds(TU_CSAF_URI, w->issue->namespace_))
		return TU_OK;
	return tu_fail(w->err, TU_E_USAGE, 0,
		"%s needs the maker's namespace, a URL (manufacturer.namespace in device.yaml)",
		format);
}

/* RFC 9562, 5.8: version 8 is for values of one's own making. */
bool tu_issue_uuid(struct tu_str text, struct tu_buf *out)
{
	uint8_t digest[TU_SHA256_BYTES];

	if (tu_sha256(text, digest) != TU_OK)
		return false;
	digest[6] = (uint8_t)((digest[6] & 0x0f) | 0x80);
	digest[8] = (uint8_t)((digest[8] & 0x3f) | 0x80);
	tu_buf_c(out, "urn:uuid:");
	for (size_t i = 0; i < 16; i++)
		tu_buf_printf(
			out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", digest[i]);
	return !out->failed;
}

void tu_issue_detail(struct tu_str impact, struct tu_str note, struct tu_buf *out)
{
	tu_buf_str_add(out, impact);
	if (impact.len && note.len)
		tu_buf_byte(out, ' ');
	tu_buf_str_add(out, note);
}

void tu_issue_member_detail(
	struct tu_issue_writer *w, const char *key, struct tu_str impact, struct tu_str note)
{
	struct tu_buf text;

	tu_buf_init(&text, (size_t)1 << 24);
	tu_issue_detail(impact, note, &text);
	w->out->failed |= text.failed;
	tu_json_member_opt(&w->json, key, tu_buf_str(&text));
	tu_buf_done(&text);
}

static void add_words(struct tu_str name, struct tu_str version, struct tu_buf *out)
{
	tu_buf_str_add(out, name);
	if (version.len)
		tu_buf_printf(out, " %.*s", TU_STR_FMT(version));
}

void tu_issue_component(const struct tu_issue_entry *entry, struct tu_buf *out)
{
	enum { NAMED_MAX = 5 };

	if (!entry->part_count)
		add_words(entry->component, entry->component_version, out);
	for (size_t i = 0; i < entry->part_count && i < NAMED_MAX; i++) {
		if (i)
			tu_buf_c(out, i + 1 < entry->part_count ? ", " : " and ");
		add_words(entry->parts[i].name, entry->parts[i].version, out);
	}
	if (entry->part_count > NAMED_MAX)
		tu_buf_printf(out, " and %zu more", entry->part_count - NAMED_MAX);
}

/* ---- what is written ---- */

bool tu_issue_is_notice(enum tu_issue_format format)
{
	return format == TU_ISSUE_NOTICE_HTML || format == TU_ISSUE_NOTICE_TEXT;
}

bool tu_issue_names(enum tu_issue_format format, const struct tu_issue_part *part)
{
	if (tu_issue_is_notice(format) || part->link.len)
		return true;
	return format != TU_ISSUE_CYCLONEDX &&
		(part->purl.len || part->cpe.len || part->hash.value.len);
}

size_t tu_issue_named(enum tu_issue_format format, const struct tu_issue_entry *entry)
{
	size_t named = 0;

	for (size_t i = 0; i < entry->part_count; i++)
		named += tu_issue_names(format, &entry->parts[i]);
	return named;
}

bool tu_issue_writes(enum tu_issue_format format, const struct tu_issue_entry *entry)
{
	return tu_issue_is_notice(format) || entry->whole || !tu_claim_clears(entry->status) ||
		tu_issue_named(format, entry) > 0;
}

const char *tu_issue_fault(const struct tu_issue_entry *entry)
{
	if (!entry->vulnerability.len)
		return "it names no vulnerability";
	if (!entry->product_count)
		return "it is about no product";
	if (entry->status == TU_CLAIM_UNSTATED)
		return "it has no status";
	if (entry->status == TU_CLAIM_NOT_AFFECTED && !entry->justification.len &&
		!entry->impact.len)
		return "\"not affected\" needs a justification or an impact";
	if (entry->status == TU_CLAIM_AFFECTED && !entry->action.len && !entry->remedy.len)
		return "\"affected\" needs an action or a remedy";
	return NULL;
}

/* ---- the whole ---- */

static enum tu_status check_entry(
	const struct tu_issue *issue, const struct tu_issue_entry *entry, struct tu_error *err)
{
	const char *fault = tu_issue_fault(entry);

	if (fault)
		return tu_fail(err, TU_E_USAGE, 0, "%.*s in %.*s: %s",
			TU_STR_FMT(entry->vulnerability), TU_STR_FMT(entry->component), fault);
	for (size_t k = 0; k < entry->product_count; k++)
		if (entry->products[k] >= issue->product_count)
			return tu_fail(err, TU_E_USAGE, 0, "%.*s: no such product",
				TU_STR_FMT(entry->vulnerability));
	return TU_OK;
}

/* Check all, and keep those that the format can write. */
static enum tu_status select_entries(const struct tu_issue *issue, enum tu_issue_format format,
	struct tu_issue_entry *kept, size_t *out_count, struct tu_error *err)
{
	enum tu_status status = TU_OK;
	size_t count = 0;

	for (size_t i = 0; i < issue->entry_count && status == TU_OK; i++) {
		status = check_entry(issue, &issue->entries[i], err);
		if (status == TU_OK && tu_issue_writes(format, &issue->entries[i]))
			kept[count++] = issue->entries[i];
	}
	*out_count = count;
	if (status == TU_OK && !count)
		status = tu_fail(err, TU_E_USAGE, 0, "there is nothing to state");
	return status;
}

static enum tu_status write(struct tu_issue_writer *w)
{
	enum tu_status status;

	w->json = tu_json_writer(w->out, true);
	status = formats[w->format].write(w);
	if (status == TU_OK && formats[w->format].json)
		tu_buf_byte(w->out, '\n');
	if (status != TU_OK)
		return status;
	tu_sink_spill(w->sink);
	return tu_sink_check(w->sink, w->err);
}

static enum tu_status write_after(struct tu_issue_writer *w)
{
	const struct tu_json_limits limits = {.unique_keys = true};
	struct tu_json_parser *parser;
	enum tu_status status;

	if (!formats[w->format].json || !w->issue->previous.len)
		return write(w);
	parser = tu_json_parser_new();
	if (!parser)
		return tu_no_memory(w->err);
	status = tu_json_parse(parser, w->issue->previous, &limits, &w->previous, w->err);
	if (status != TU_OK)
		status = tu_error_prefix(w->err, "the previous document");
	else
		status = write(w);
	tu_json_parser_free(parser);
	return status;
}

enum tu_status tu_issue_write(const struct tu_issue *issue, enum tu_issue_format format,
	struct tu_sink *sink, struct tu_error *err)
{
	struct tu_issue_entry *kept = tu_alloc(issue->entry_count + 1, sizeof(*kept));
	struct tu_issue written = *issue;
	struct tu_issue_writer w = {
		.issue = &written, .sink = sink, .out = &sink->buf, .format = format, .err = err};
	enum tu_status status;

	if (!kept)
		return tu_no_memory(err);
	status = select_entries(issue, format, kept, &written.entry_count, err);
	written.entries = kept;
	if (status == TU_OK)
		status = write_after(&w);
	tu_free(kept);
	return status;
}
