#include "match/judge.h"

#include "base/buf_over.h"
#include "match/cpe_version.h"
#include "match/distro.h"
#include "match/reason.h"

static enum tu_reason reason_of(
	uint8_t coverage, enum tu_reason affected, enum tu_reason unaffected)
{
	switch ((enum tu_coverage)coverage) {
	case TU_COVERAGE_AFFECTED:
		return affected;
	case TU_COVERAGE_UNAFFECTED:
		return unaffected;
	case TU_COVERAGE_UNKNOWN:
		break;
	}
	return TU_WHY_STATUS_UNKNOWN;
}

static bool has_letter(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (tu_char_is_alpha(text.ptr[i]))
			return true;
	}
	return false;
}

/* The version with the epoch of the interval's end, where its own is not known: within one release
 * of a distribution a package's epoch hardly ever changes. Empty: no memory, or no key. */
static struct tu_str key_beside(const struct judge *j, const struct tu_interval *interval,
	struct version_keys *version, enum tu_scheme scheme)
{
	struct tu_str bound = interval->hi.text.len ? interval->hi.text : interval->lo.text;
	struct tu_str epoch = tu_match__take_epoch(&bound);
	struct version_keys whole = {.text = version->text};

	if (tu_match__is_epoch(epoch) &&
		!tu_match__with_epoch(j->arena, epoch, version->text, &whole.text))
		return (struct tu_str){"", 0};
	return tu_match__version_key(j->arena, &whole, scheme);
}

/* Where all keys are there, only these are looked at: the texts of the ends are elsewhere, and a
 * look at what is not in the processor's cache costs more than all else. */
static enum tu_verdict test_keys(
	const struct tu_kb *kb, const struct kb_span *span, struct tu_str key)
{
	int order;

	if (span->hi_text) {
		order = tu_str_cmp(key, kb_str(kb, span->hi_key));
		if (order > 0 || (order == 0 && !(span->flags & KB_HI_INCLUSIVE)))
			return TU_OUTSIDE;
	}
	if (span->lo_text) {
		order = tu_str_cmp(key, kb_str(kb, span->lo_key));
		if (order < 0 || (order == 0 && !(span->flags & KB_LO_INCLUSIVE)))
			return TU_OUTSIDE;
	}
	return TU_INSIDE;
}

static bool has_keys(const struct kb_span *span)
{
	return (!span->lo_text || span->lo_key) && (!span->hi_text || span->hi_key);
}

/* "1.2.11-patch2" beside an end "1.2.11p3" of a range. */
static bool in_other_words(const struct tu_bound *bound, const struct version_keys *version)
{
	struct tu_str base, bound_base, update, bound_update;

	return tu_match__split_update(bound->text, &bound_base, &bound_update) &&
		tu_match__split_update(version->text, &base, &update) &&
		tu_str_eq(base, bound_base) && tu_match__is_other_word(update, bound_update);
}

static bool has_other_word(
	const struct judge *j, const struct kb_body *row, const struct version_keys *whole)
{
	for (uint32_t i = row->first_span; i < row[1].first_span; i++) {
		struct tu_interval interval = kb_interval(j->kb, kb_span_at(j->kb, i));

		if (in_other_words(&interval.lo, whole) || in_other_words(&interval.hi, whole))
			return true;
	}
	return false;
}

/* An end that has letters ("4.2.8p15") is asked about the whole version. */
static enum tu_verdict test_texts(const struct judge *j, const struct kb_body *row,
	const struct kb_span *span, struct version_keys *version, struct version_keys *whole)
{
	enum tu_scheme scheme = (enum tu_scheme)row->scheme;
	struct tu_interval interval = kb_interval(j->kb, span);
	struct tu_str key;

	if (version != whole && (has_letter(interval.lo.text) || has_letter(interval.hi.text)))
		version = whole;
	key = version->epoch_open ? key_beside(j, &interval, version, scheme)
				  : tu_match__version_key(j->arena, version, scheme);
	return tu_interval_test(&interval, version->text, key);
}

/* A version that has no place in the order ("(devel)") lies in no range: the record says all. */
static enum tu_reason inside_reason(const struct judge *j, const struct kb_body *row,
	const struct kb_span *span, struct version_keys *version)
{
	if (span->lo_text || span->hi_text)
		return TU_WHY_IN_RANGE;
	return tu_match__version_key(j->arena, version, (enum tu_scheme)row->scheme).len
		? TU_WHY_IN_RANGE
		: TU_WHY_ALL_VERSIONS;
}

/* The span that the version lies in decides, an affected one before others; outside all spans
 * the record's default; but a comparison without answer leaves the matter open. */
static struct outcome test_version(const struct judge *j, const struct kb_body *row,
	struct version_keys *version, struct version_keys *whole)
{
	uint32_t first = row->first_span;
	uint32_t count = row[1].first_span - first;
	struct outcome outcome = {.reason = TU_WHY_NONE, .span = TU_KB_NONE};
	struct tu_str key = {"", 0};
	bool unordered = false;

	if (version->text.len == 0 && (count || row->otherwise != TU_COVERAGE_AFFECTED))
		return (struct outcome){TU_WHY_NO_VERSION, TU_KB_NONE, false};
	if (count && version == whole && !version->epoch_open)
		key = tu_match__version_key(j->arena, version, (enum tu_scheme)row->scheme);
	for (uint32_t i = 0; i < count; i++) {
		const struct kb_span *span = kb_span_at(j->kb, first + i);
		enum tu_verdict verdict = key.len && has_keys(span)
			? test_keys(j->kb, span, key)
			: test_texts(j, row, span, version, whole);

		unordered |= verdict == TU_UNDECIDED;
		if (verdict != TU_INSIDE)
			continue;
		if (outcome.reason == TU_WHY_NONE || span->coverage == TU_COVERAGE_AFFECTED)
			outcome = (struct outcome){
				reason_of(span->coverage, inside_reason(j, row, span, version),
					TU_WHY_UNAFFECTED),
				i, false};
		if (span->coverage == TU_COVERAGE_AFFECTED)
			return outcome;
	}
	if (outcome.reason)
		return outcome;
	if (unordered)
		return (struct outcome){TU_WHY_UNORDERED, TU_KB_NONE, false};
	return (struct outcome){reason_of(row->otherwise, TU_WHY_ALL_VERSIONS, TU_WHY_OUT_OF_RANGE),
		TU_KB_NONE, false};
}

struct outcome tu_match__judge(
	const struct judge *judge, const struct kb_body *body, struct version_keys *version)
{
	return test_version(judge, body, version, version);
}

static enum tu_match_verdict verdict_of(struct outcome outcome)
{
	return tu_match__reason_kinds[outcome.reason].verdict;
}

/* An update beside an end of a range in another word has no order. Else two readings. In CPE's
 * terms a range is about the version alone: 7.2p2 is in "<= 7.2". By the order of the
 * text 1.2.0-rc1 is in "< 1.2.0". What only the text puts into a range is affected where the update
 * comes from the text, too. */
struct outcome tu_match__judge_product(
	const struct judge *judge, const struct kb_body *body, const struct id_version *version)
{
	struct outcome text = tu_match__judge(judge, body, version->whole);
	struct outcome base;
	bool doubtful;

	if (!version->base || body->scheme != TU_SCHEME_GENERIC)
		return text;
	if (has_other_word(judge, body, version->whole))
		return (struct outcome){TU_WHY_UPDATE_UNKNOWN, TU_KB_NONE, false};
	base = test_version(judge, body, version->base, version->whole);
	if (verdict_of(text) == verdict_of(base))
		return text;
	if (verdict_of(base) == TU_MATCH_AFFECTED)
		doubtful = (body->flags & KB_FROM_TEXT) != 0;
	else if (verdict_of(text) == TU_MATCH_AFFECTED)
		doubtful = version->kind == UPDATE_STATED;
	else
		return verdict_of(text) == TU_MATCH_UNDECIDED ? text : base;
	if (verdict_of(base) != TU_MATCH_AFFECTED)
		base = text;
	if (doubtful)
		base.reason = TU_WHY_UPDATE_UNKNOWN;
	return base;
}

/* Is the entry about one version? Then its update is that of this version; in a range the update
 * may belong to the end. */
static bool is_one_version(const struct tu_kb *kb, const struct kb_body *body)
{
	const struct kb_span *span;

	if (body[1].first_span - body->first_span != 1)
		return false;
	span = kb_span_at(kb, body->first_span);
	return span->lo_text == span->hi_text && span->lo_text != 0;
}

static bool is_prerelease(struct tu_str stated)
{
	char text[TU_CPE_MAX];
	struct tu_buf plain = tu_buf_over(text, sizeof(text));

	tu_cpe_attr_plain(stated, &plain);
	return tu_match__is_prerelease(tu_buf_str(&plain));
}

static enum tu_reason plain_reason(enum update_kind kind, struct tu_str stated)
{
	/* Who writes 2.0 does not mean 2.0-rc1; but it may be 7.2 of which 7.2p2 is an update. */
	if (kind == UPDATE_NONE || (kind == UPDATE_PLAIN && is_prerelease(stated)))
		return TU_WHY_OTHER_EDITION;
	return TU_WHY_UPDATE_UNKNOWN;
}

/* Is the update what the record states: the same in some spelling, or what its pattern covers? */
static bool states_update(struct tu_str stated, struct tu_str update)
{
	char text[TU_CPE_MAX];
	struct tu_buf attr = tu_buf_over(text, sizeof(text));
	enum tu_cpe_relation relation;
	bool same;

	tu_cpe_attr_plain(stated, &attr);
	same = tu_match__same_update(tu_buf_str(&attr), update);
	tu_buf_clear(&attr);
	tu_cpe_attr_from_plain(update, &attr);
	relation = tu_cpe_attr_compare(stated, tu_buf_str(&attr));
	return same || relation == TU_CPE_SUPERSET || relation == TU_CPE_EQUAL;
}

enum tu_reason tu_match__update_reason(const struct tu_kb *kb, const struct kb_body *body,
	struct tu_str stated, const struct id_version *version)
{
	bool none = tu_str_eq(stated, TU_STR("-"));
	enum tu_reason reason = TU_WHY_NONE;

	if (tu_str_eq(stated, TU_STR("*")) || (none && version->update.len == 0))
		return TU_WHY_NONE;
	if (version->update.len == 0)
		reason = plain_reason(version->kind, stated);
	else if (none || !states_update(stated, version->update))
		reason = TU_WHY_OTHER_EDITION;
	if (reason == TU_WHY_OTHER_EDITION && !is_one_version(kb, body))
		reason = TU_WHY_UPDATE_UNKNOWN;
	return reason;
}
