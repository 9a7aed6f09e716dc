/* What is said about support: its level, its end, or why neither can be given (FDA premarket
 * guidance, V.A.4). */
#include <tutela/supplement.h>

#include "base/time.h"
#include "base/utf8.h"
#include "ident/lenient.h"
#include "sbom/nothing.h"
#include "sbom/quality/answers.h"

enum { SHOWN = 60, DATE = 10 };

/* FDA names three levels as examples. The spellings are those in use for them, without case, spaces
 * and punctuation; SPDX 3.0.1 SupportType has words for the first two. */
static const struct {
	struct tu_str level;
	const char *spellings[10];
} levels[] = {
	{TU_STR_INIT("actively-maintained"),
		{"activelymaintained", "activelysupported", "maintained", "supported", "active",
			"fullysupported", "fullsupport"}},
	{TU_STR_INIT("no-longer-maintained"),
		{"nolongermaintained", "nolongersupported", "notmaintained", "notsupported",
			"unmaintained", "unsupported", "nosupport", "endofsupport", "endoflife",
			"eol"}},
	{TU_STR_INIT("abandoned"), {"abandoned"}},
};

struct tu_str tu_support_level(struct tu_str text)
{
	for (size_t i = 0; i < TU_COUNT(levels); i++) {
		size_t count = 0;

		while (count < TU_COUNT(levels[i].spellings) && levels[i].spellings[count])
			count++;
		if (tu_sbom__is_word(text, levels[i].spellings, count))
			return levels[i].level;
	}
	return TU_STR("");
}

/* The first of some names of a property whose value states something. */
static struct tu_str property_of(
	const struct tu_component *component, const struct tu_str *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct tu_str value = tu_component_property(component, names[i]);

		if (!tu_sbom__says_nothing(value))
			return tu_identifier_trim(value);
	}
	return TU_STR("");
}

static struct tu_str level_of(const struct tu_component *component)
{
	static const struct tu_str names[] = {TU_STR_INIT(TU_PROPERTY_SUPPORT),
		TU_STR_INIT("level_of_support"), TU_STR_INIT("support_level")};

	return property_of(component, names, TU_COUNT(names));
}

/* github.com/CycloneDX/cyclonedx-property-taxonomy has the names with "cdx:"; SPDX 2.3, 7.27:
 * valid until is the end of the supplier's support. */
static struct tu_str end_of(const struct tu_component *component)
{
	static const struct tu_str names[] = {TU_STR_INIT(TU_PROPERTY_SUPPORT_END),
		TU_STR_INIT("end_of_support"), TU_STR_INIT("end_of_support_date"),
		TU_STR_INIT("cdx:lifecycle:milestone:endOfSupport")};
	struct tu_str end = property_of(component, names, TU_COUNT(names));

	return end.len ? end : tu_sbom_detail_text(component->detail, TU_TEXT_VALID_UNTIL);
}

struct tu_str tu_component_support(const struct tu_component *component)
{
	return level_of(component);
}

struct tu_str tu_component_support_end(const struct tu_component *component)
{
	return end_of(component);
}

static bool is_justified(struct tu_check_facts *facts, const struct tu_component *component)
{
	static const struct tu_str names[] = {TU_STR_INIT(TU_PROPERTY_SUPPORT_JUSTIFICATION),
		TU_STR_INIT("support_justification"), TU_STR_INIT("end_of_support_justification")};
	struct tu_str why = property_of(component, names, TU_COUNT(names));

	if (why.len)
		tu_check__remark(facts, component, "not stated, and justified: %.*s",
			TU_STR_FMT(tu_utf8_first(why, SHOWN)));
	return why.len > 0;
}

enum tu_check_answer tu_answer__support(
	struct tu_check_facts *facts, const struct tu_component *component)
{
	struct tu_str text = level_of(component);

	if (!text.len)
		return is_justified(facts, component) ? TU_CHECK_PRESENT : TU_CHECK_MISSING;
	if (tu_support_level(text).len)
		return TU_CHECK_PRESENT;
	tu_check__remark(facts, component,
		"\"%.*s\" is no level of support: actively-maintained, no-longer-maintained and "
		"abandoned are",
		TU_STR_FMT(tu_utf8_first(text, SHOWN)));
	return TU_CHECK_MISSING;
}

/* The date is there; what does it say next to the level? */
static enum tu_check_answer judge_past(
	struct tu_check_facts *facts, const struct tu_component *component, struct tu_str end)
{
	struct tu_str level = tu_support_level(level_of(component));
	struct tu_str date = tu_str_first(end, DATE);

	if (tu_str_eq(level, TU_STR("actively-maintained"))) {
		tu_check__remark(facts, component,
			"support ended on %.*s and is stated as %.*s: one of the two is wrong",
			TU_STR_FMT(date), TU_STR_FMT(level));
		return TU_CHECK_MISSING;
	}
	tu_check__remark(facts, component,
		"support ended on %.*s: no fixes are to be expected; the submission says how its "
		"risk is controlled",
		TU_STR_FMT(date));
	return TU_CHECK_PRESENT;
}

enum tu_check_answer tu_answer__support_end(
	struct tu_check_facts *facts, const struct tu_component *component)
{
	struct tu_str end = end_of(component);
	int64_t at;

	if (!end.len)
		return is_justified(facts, component) ? TU_CHECK_PRESENT : TU_CHECK_MISSING;
	if (!tu_time_parse(end, &at)) {
		tu_check__remark(facts, component, "\"%.*s\" is no date as in 2028-12-31",
			TU_STR_FMT(tu_utf8_first(end, SHOWN)));
		return TU_CHECK_MISSING;
	}
	/* A bare date lasts until its day is over. */
	if (at + (end.len == DATE ? 24 * 60 * 60 : 0) <= facts->at)
		return judge_past(facts, component, end);
	return TU_CHECK_PRESENT;
}
