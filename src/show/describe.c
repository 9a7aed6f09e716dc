#include "show/describe.h"

#include <tutela/purl.h>

#include "base/time.h"

void tu_describe_interval(const struct tu_interval *interval, struct tu_buf *out)
{
	const struct tu_bound *lo = &interval->lo;
	const struct tu_bound *hi = &interval->hi;

	if (!lo->text.len && !hi->text.len) {
		tu_buf_c(out, "all versions");
		return;
	}
	if (lo->inclusive && hi->inclusive && tu_str_eq(lo->text, hi->text)) {
		tu_buf_c(out, "= ");
		tu_buf_str_add(out, lo->text);
		return;
	}
	if (lo->text.len) {
		tu_buf_c(out, lo->inclusive ? ">= " : "> ");
		tu_buf_str_add(out, lo->text);
	}
	if (lo->text.len && hi->text.len)
		tu_buf_c(out, ", ");
	if (hi->text.len) {
		tu_buf_c(out, hi->inclusive ? "<= " : "< ");
		tu_buf_str_add(out, hi->text);
	}
}

/* The spans of one coverage, joined; how many there are. */
static uint32_t describe_spans(const struct tu_kb *kb, const struct tu_kb_entry *entry,
	uint32_t index, enum tu_coverage coverage, uint32_t max, struct tu_buf *out)
{
	uint32_t count = 0;

	for (uint32_t n = 0; n < entry->spans; n++) {
		struct tu_span span = tu_kb_span(kb, index, n);

		if (span.coverage != coverage)
			continue;
		if (count < max) {
			tu_buf_c(out, count ? " or " : "");
			tu_describe_interval(&span.interval, out);
		}
		count++;
	}
	if (count > max)
		tu_buf_printf(out, " and %u more", count - max);
	return count;
}

static bool has_coverage(const struct tu_kb *kb, const struct tu_kb_entry *entry, uint32_t index,
	enum tu_coverage coverage)
{
	for (uint32_t n = 0; n < entry->spans; n++)
		if (tu_kb_span(kb, index, n).coverage == coverage)
			return true;
	return false;
}

void tu_describe_entry(const struct tu_kb *kb, const struct tu_kb_entry *entry, uint32_t index,
	uint32_t max, struct tu_buf *out)
{
	static const char *const rest[] = {
		[TU_COVERAGE_UNKNOWN] = "versions that are not stated",
		[TU_COVERAGE_AFFECTED] = "all versions",
		[TU_COVERAGE_UNAFFECTED] = "no version",
	};

	if (entry->otherwise == TU_COVERAGE_AFFECTED ||
		!has_coverage(kb, entry, index, TU_COVERAGE_AFFECTED))
		tu_buf_c(out, rest[entry->otherwise]);
	else
		(void)describe_spans(kb, entry, index, TU_COVERAGE_AFFECTED, max, out);
	if (!has_coverage(kb, entry, index, TU_COVERAGE_UNAFFECTED))
		return;
	tu_buf_c(out, ", but not ");
	(void)describe_spans(kb, entry, index, TU_COVERAGE_UNAFFECTED, max, out);
}

static const char *part_name(char part)
{
	return part == 'o' ? "operating system" : part == 'h' ? "hardware" : "application";
}

void tu_describe_subject(const struct tu_kb_entry *entry, struct tu_buf *out)
{
	if (entry->is_package) {
		const struct tu_purl purl = {
			.type = entry->type, .namespace_ = entry->namespace_, .name = entry->name};

		tu_purl_write(&purl, out);
		if (entry->distro.len)
			tu_buf_printf(out, " (%.*s)", TU_STR_FMT(entry->distro));
		return;
	}
	if (entry->cpe.len) {
		tu_buf_str_add(out, entry->cpe);
		return;
	}
	tu_cpe_attr_plain(entry->vendor, out);
	tu_buf_c(out, ":");
	tu_cpe_attr_plain(entry->product, out);
	if (entry->part != 'a' && entry->part != '*')
		tu_buf_printf(out, " (%s)", part_name(entry->part));
}

struct tu_str tu_describe_source(const struct tu_kb_advisory *advisory)
{
	if (advisory->source == TU_SOURCE_OSV && advisory->database.len)
		return advisory->database;
	return tu_str_c(tu_source_name(advisory->source));
}

int64_t tu_describe_date(const struct tu_kb_advisory *advisory)
{
	if (advisory->modified)
		return advisory->modified;
	return advisory->published ? advisory->published : advisory->withdrawn;
}

void tu_describe_age(int64_t then, int64_t now, struct tu_buf *out)
{
	static const struct {
		int64_t from; /* days */
		int64_t length; /* days */
		const char *word;
	} units[] = {{730, 365, "year"}, {60, 30, "month"}, {1, 1, "day"}};
	int64_t days = (now - then) / 86400;

	for (size_t i = 0; i < TU_COUNT(units); i++) {
		long long count = (long long)(days / units[i].length);

		if (days < units[i].from)
			continue;
		tu_buf_printf(out, "%lld %s%s old", count, units[i].word, count == 1 ? "" : "s");
		return;
	}
	tu_buf_c(out, days < 0 ? "in the future" : "today");
}

const char *tu_describe_by(enum tu_match_by by)
{
	static const char *const sentences[] = {
		[TU_BY_DISTRO] = "the distribution's own record about this package",
		[TU_BY_PACKAGE] = "the package of its ecosystem, by purl",
		[TU_BY_CPE] = "a CPE that the SBOM states",
		[TU_BY_ALIAS] = "a curated name of the product",
		[TU_BY_NAME] = "nothing but the name",
	};

	return sentences[by];
}

bool tu_describe_ended(const struct tu_support_cycle *cycle, int64_t now)
{
	int64_t end;

	if (cycle->ended || now == 0)
		return cycle->ended;
	return tu_time_parse(cycle->eol, &end) && end <= now;
}

void tu_describe_freshness(const struct tu_sidecar_source *source, int64_t now, struct tu_buf *out)
{
	struct tu_buf age;

	tu_buf_init(&age, 64);
	if (source->last_success)
		tu_describe_age(source->last_success, now, &age);
	else
		tu_buf_c(&age, "never");
	tu_buf_printf(out, "%-15s %-16.*s", tu_freshness_name(tu_sidecar_judge(source, now)),
		TU_STR_FMT(tu_buf_str(&age)));
	tu_buf_done(&age);
}
