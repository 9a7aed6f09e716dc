/* Tests of the revision history, of versions and of dates. */
#include "csaf/tests.h"

static struct tu_str document_version(const struct tu_csaf *csaf)
{
	return TU_JSON_STR(csaf->tracking, "version");
}

static bool status_is(const struct tu_csaf *csaf, const char *status)
{
	return tu_str_eq(TU_JSON_STR(csaf->tracking, "status"), tu_str_c(status));
}

static bool is_zero(struct tu_csaf_version version)
{
	return tu_str_eq(version.major, TU_STR("0"));
}

/* ---- the history in order ---- */

TU_CSAF_TEST(6_1_14)
{
	for (size_t i = 1; i < csaf->revision_count; i++) {
		const struct tu_csaf_revision *revision = &csaf->revisions[i];
		struct tu_str before = csaf->revisions[i - 1].number;
		if (tu_csaf_version_compare(before, revision->number, true) > 0)
			tu_csaf_fail(csaf, revision->value, "number",
				"%.*s is dated later than %.*s", TU_STR_FMT(revision->number),
				TU_STR_FMT(before));
	}
}

TU_CSAF_TEST(6_1_16)
{
	struct tu_str version = document_version(csaf);
	const struct tu_csaf_revision *last;

	if (!csaf->revision_count)
		return;
	last = &csaf->revisions[csaf->revision_count - 1];
	if (tu_csaf_version_compare(version, last->number, !status_is(csaf, "draft")) != 0)
		tu_csaf_fail(csaf, csaf->tracking, "version",
			"%.*s is not %.*s, the newest item of the revision history",
			TU_STR_FMT(tu_str_first(version, 80)),
			TU_STR_FMT(tu_str_first(last->number, 80)));
}

TU_CSAF_TEST(6_1_17)
{
	struct tu_csaf_version version;

	if (tu_csaf_version_parse(document_version(csaf), &version) &&
		(is_zero(version) || version.pre.len) && !status_is(csaf, "draft"))
		tu_csaf_fail(csaf, csaf->tracking, "status",
			"version %.*s is a draft's, the status is not \"draft\"",
			TU_STR_FMT(tu_str_first(document_version(csaf), 80)));
}

TU_CSAF_TEST(6_1_18)
{
	struct tu_csaf_version version;

	for (size_t i = 0; tu_csaf_is_released(csaf) && i < csaf->revision_count; i++)
		if (tu_csaf_version_parse(csaf->revisions[i].number, &version) && is_zero(version))
			tu_csaf_fail(csaf, csaf->revisions[i].value, "number",
				"a released document has no revision of version 0");
}

TU_CSAF_TEST(6_1_19)
{
	struct tu_csaf_version version;

	for (size_t i = 0; i < csaf->revision_count; i++)
		if (tu_csaf_version_parse(csaf->revisions[i].number, &version) && version.pre.len)
			tu_csaf_fail(csaf, csaf->revisions[i].value, "number",
				"pre-release \"%.*s\" in the revision history",
				TU_STR_FMT(tu_str_first(version.pre, 80)));
}

TU_CSAF_TEST(6_1_20)
{
	struct tu_csaf_version version;

	if (tu_csaf_is_released(csaf) && tu_csaf_version_parse(document_version(csaf), &version) &&
		version.pre.len)
		tu_csaf_fail(csaf, csaf->tracking, "version",
			"a released document has the pre-release part \"%.*s\"",
			TU_STR_FMT(tu_str_first(version.pre, 80)));
}

/* Whether `b` is `a` + 1, as text: numbers have any length. */
static bool follows(struct tu_str a, struct tu_str b)
{
	size_t nines = 0;

	while (nines < a.len && a.ptr[a.len - 1 - nines] == '9')
		nines++;
	for (size_t i = 0; i < nines && i < b.len; i++)
		if (b.ptr[b.len - 1 - i] != '0')
			return false;
	if (nines == a.len)
		return b.len == a.len + 1 && b.ptr[0] == '1';
	return b.len == a.len && memcmp(a.ptr, b.ptr, a.len - nines - 1) == 0 &&
		b.ptr[a.len - nines - 1] == a.ptr[a.len - nines - 1] + 1;
}

static bool major_of(const struct tu_csaf_revision *revision, struct tu_str *out_major)
{
	struct tu_csaf_version version;
	bool fine = tu_csaf_version_parse(revision->number, &version);

	*out_major = version.major;
	return fine;
}

TU_CSAF_TEST(6_1_21)
{
	struct tu_str major, before = {0};

	for (size_t i = 0; i < csaf->revision_count; i++) {
		const struct tu_csaf_revision *revision = &csaf->revisions[i];
		if (!major_of(revision, &major))
			return;
		if (i == 0 && !tu_str_eq(major, TU_STR("0")) && !tu_str_eq(major, TU_STR("1")))
			tu_csaf_fail(csaf, revision->value, "number",
				"the first revision is %.*s, not 0 or 1",
				TU_STR_FMT(tu_str_first(revision->number, 80)));
		if (i > 0 && !tu_str_eq(before, major) && !follows(before, major))
			tu_csaf_fail(csaf, revision->value, "number",
				"%.*s follows %.*s: a version between them is missing",
				TU_STR_FMT(tu_str_first(revision->number, 80)),
				TU_STR_FMT(tu_str_first(before, 80)));
		before = major;
	}
}

TU_CSAF_TEST(6_1_22)
{
	struct tu_intern *seen = tu_intern_new((size_t)1 << 28);
	uint32_t count, id;

	if (!seen)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	for (size_t i = 0; !csaf->status && i < csaf->revision_count; i++) {
		count = tu_intern_count(seen);
		if (!tu_intern_add(seen, csaf->revisions[i].number, &id))
			tu_csaf_out_of(csaf, TU_E_NOMEM);
		else if (id < count)
			tu_csaf_fail(csaf, csaf->revisions[i].value, "number",
				"%.*s stands in the revision history already",
				TU_STR_FMT(tu_str_first(csaf->revisions[i].number, 80)));
	}
	tu_intern_free(seen);
}

TU_CSAF_TEST(6_1_30)
{
	struct tu_csaf_version document, version;

	if (!tu_csaf_version_parse(document_version(csaf), &document))
		return;
	for (size_t i = 0; i < csaf->revision_count; i++)
		if (tu_csaf_version_parse(csaf->revisions[i].number, &version) &&
			version.integer != document.integer) {
			tu_csaf_fail(csaf, csaf->revisions[i].value, "number",
				"integer and semantic versions are mixed");
			return;
		}
}

TU_CSAF_TEST(6_2_4)
{
	struct tu_csaf_version version;

	for (size_t i = 0; i < csaf->revision_count; i++)
		if (tu_csaf_version_parse(csaf->revisions[i].number, &version) && version.build.len)
			tu_csaf_fail(csaf, csaf->revisions[i].value, "number",
				"build metadata \"%.*s\"",
				TU_STR_FMT(tu_str_first(version.build, 80)));
}

/* ---- release dates ---- */

static void not_older(struct tu_csaf *csaf, const char *member, size_t revision, const char *which)
{
	struct tu_csaf_instant date =
		tu_csaf_instant(tu_json_str(tu_json_get(csaf->tracking, tu_str_c(member))));

	if (date.known && csaf->revisions[revision].date.known &&
		tu_csaf_instant_compare(date, csaf->revisions[revision].date) < 0)
		tu_csaf_fail(csaf, csaf->tracking, member, "is older than the %s revision", which);
}

TU_CSAF_TEST(6_2_5)
{
	if (csaf->revision_count)
		not_older(csaf, "initial_release_date", 0, "oldest");
}

TU_CSAF_TEST(6_2_6)
{
	if (csaf->revision_count)
		not_older(csaf, "current_release_date", csaf->revision_count - 1, "newest");
}

static void want_date(struct tu_csaf *csaf, struct tu_json involvement, void *context)
{
	(void)context;
	if (!tu_json_get(involvement, TU_STR("date")).doc)
		tu_csaf_fail(csaf, involvement, NULL, "no date is given");
}

TU_CSAF_TEST(6_2_7)
{
	tu_csaf_each(csaf, csaf->vulnerabilities, "*/involvements/*", want_date, NULL);
}

/* ---- dates of CSAF 2.1 ---- */

static const char *const dates[] = {
	"document/tracking/current_release_date",
	"document/tracking/generator/date",
	"document/tracking/initial_release_date",
	"document/tracking/revision_history/*/date",
	"vulnerabilities/*/disclosure_date",
	"vulnerabilities/*/discovery_date",
	"vulnerabilities/*/first_known_exploitation_dates/*/date",
	"vulnerabilities/*/first_known_exploitation_dates/*/exploitation_date",
	"vulnerabilities/*/flags/*/date",
	"vulnerabilities/*/involvements/*/date",
	"vulnerabilities/*/metrics/*/content/epss/timestamp",
	"vulnerabilities/*/metrics/*/content/ssvc_v2/timestamp",
	"vulnerabilities/*/remediations/*/date",
	"vulnerabilities/*/threats/*/date",
};

static void check_date(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	struct tu_csaf_instant instant = tu_csaf_instant(tu_json_str(value));

	(void)context;
	if (!tu_json_is_string(value))
		return;
	if (!instant.known)
		tu_csaf_fail(csaf, value, NULL, "\"%.*s\": expected %s",
			TU_STR_FMT(tu_str_first(tu_json_str(value), 80)),
			tu_csaf_rule_name(TU_CSAF_DATE));
	else if (instant.leap)
		tu_csaf_fail(csaf, value, NULL, "a leap second");
}

TU_CSAF_TEST(6_1_37)
{
	for (size_t i = 0; i < TU_COUNT(dates); i++)
		tu_csaf_each(csaf, csaf->root, dates[i], check_date, NULL);
}

static void not_newer(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	struct tu_csaf_instant date = tu_csaf_instant(tu_json_str(value));
	struct tu_csaf_instant newest = tu_csaf_newest(csaf);

	(void)context;
	if (date.known && newest.known && tu_csaf_instant_compare(date, newest) > 0)
		tu_csaf_fail(csaf, value, NULL, "is newer than the newest revision");
}

static bool is_public(const struct tu_csaf *csaf)
{
	struct tu_json tlp =
		tu_json_get(tu_json_get(csaf->document, TU_STR("distribution")), TU_STR("tlp"));

	return tu_str_eq(TU_JSON_STR(tlp, "label"), TU_STR("CLEAR"));
}

TU_CSAF_TEST(6_1_45)
{
	if (tu_csaf_is_released(csaf) && is_public(csaf))
		tu_csaf_each(csaf, csaf->vulnerabilities, "*/disclosure_date", not_newer, NULL);
}

TU_CSAF_TEST(6_1_49)
{
	if (tu_csaf_is_released(csaf))
		tu_csaf_each(csaf, csaf->vulnerabilities, "*/metrics/*/content/ssvc_v2/timestamp",
			not_newer, NULL);
}

TU_CSAF_TEST(6_1_51)
{
	if (tu_csaf_is_released(csaf))
		tu_csaf_each(csaf, csaf->vulnerabilities, "*/metrics/*/content/epss/timestamp",
			not_newer, NULL);
}

TU_CSAF_TEST(6_1_52)
{
	if (!tu_csaf_is_released(csaf))
		return;
	tu_csaf_each(csaf, csaf->vulnerabilities, "*/first_known_exploitation_dates/*/date",
		not_newer, NULL);
	tu_csaf_each(csaf, csaf->vulnerabilities,
		"*/first_known_exploitation_dates/*/exploitation_date", not_newer, NULL);
}

static void exploited_before_told(struct tu_csaf *csaf, struct tu_json item, void *context)
{
	struct tu_csaf_instant date = tu_csaf_instant(TU_JSON_STR(item, "date"));
	struct tu_csaf_instant exploited = tu_csaf_instant(TU_JSON_STR(item, "exploitation_date"));

	(void)context;
	if (date.known && exploited.known && tu_csaf_instant_compare(exploited, date) > 0)
		tu_csaf_fail(csaf, item, "exploitation_date", "is newer than the date beside it");
}

TU_CSAF_TEST(6_1_53)
{
	tu_csaf_each(csaf, csaf->vulnerabilities, "*/first_known_exploitation_dates/*",
		exploited_before_told, NULL);
}
