/*
 * Debian's security tracker (https://security-tracker.debian.org/tracker/data/json): an object of
 * source packages, each an object of vulnerabilities with their status in each release. One
 * advisory for each package and vulnerability, for another package's may be in another state.
 */
#include "advisory/reader.h"

#include "ident/distro.h"

enum says { NOTHING, OPEN, RESOLVED, UNDETERMINED };

static enum says status_of(struct tu_str word)
{
	static const struct {
		struct tu_str word;
		enum says says;
	} statuses[] = {
		{TU_STR_INIT("open"), OPEN},
		{TU_STR_INIT("resolved"), RESOLVED},
		{TU_STR_INIT("undetermined"), UNDETERMINED},
	};

	for (size_t i = 0; i < TU_COUNT(statuses); i++) {
		if (tu_str_eq(statuses[i].word, word))
			return statuses[i].says;
	}
	return NOTHING;
}

/* Fixed in version 0: it never was affected. */
static bool fill_versions(struct tu_advisory_reader *r, enum says says, struct tu_str fixed,
	struct tu_versions *versions)
{
	struct tu_span span = {.coverage = TU_COVERAGE_AFFECTED};

	versions->scheme = TU_SCHEME_DEB;
	if (says == OPEN)
		versions->otherwise = TU_COVERAGE_AFFECTED;
	if (says == RESOLVED)
		versions->otherwise = TU_COVERAGE_UNAFFECTED;
	if (says != RESOLVED || tu_str_eq(fixed, TU_STR("0")))
		return true;
	versions->fixed = fixed;
	return tu_advisory__bound(r, TU_SCHEME_DEB, fixed, false, &span.interval.hi) &&
		tu_advisory__add_span(r, &span) && tu_advisory__take_spans(r, versions);
}

/* Releases are known by their number. */
static bool name_distro(struct tu_advisory_reader *r, struct tu_str release, struct tu_str *out)
{
	struct tu_str known = tu_distro_of_codename(release);

	if (known.len) {
		*out = known;
		return true;
	}
	tu_buf_clear(&r->text);
	tu_buf_c(&r->text, "debian-");
	tu_buf_str_add(&r->text, release);
	return tu_advisory__copy_text(r, out);
}

/* Debian's word for how soon it must be fixed. */
static struct tu_str urgency_of(struct tu_json item)
{
	struct tu_str word = tu_str_first(TU_JSON_STR(item, "urgency"), ADV_ID_MAX);

	while (word.len && word.ptr[word.len - 1] == '*')
		word.len--;
	return word;
}

static bool is_unimportant(struct tu_json item)
{
	return tu_str_eq(urgency_of(item), TU_STR("unimportant"));
}

/* Of the releases together: "unimportant" only where all of them say so. */
static bool add_urgency(struct tu_advisory_reader *r, struct tu_json releases, struct tu_json item)
{
	struct tu_score score = {.base_tenths = 0xff, .scorer = TU_STR("Debian")};
	struct tu_json_iter iter = tu_json_iter(releases);
	struct tu_str word = urgency_of(item);
	struct tu_str release;
	struct tu_json other;

	if (word.len == 0 || tu_str_eq(word, TU_STR("not yet assigned")) ||
		tu_str_eq(word, TU_STR("end-of-life")))
		return true;
	while (is_unimportant(item) && tu_json_next_member(&iter, &release, &other)) {
		if (!is_unimportant(other))
			return true;
	}
	tu_buf_clear(&r->text);
	tu_buf_str_add(&r->text, word);
	if (!tu_advisory__copy_text(r, &score.severity))
		return false;
	return tu_advisory__has_score(r, &score) || tu_advisory__add_score(r, score);
}

/* What Debian says of an open vulnerability in one release, beside that it is open. `nodsa` has a
 * text for people, `nodsa_reason` a word or nothing. */
static struct tu_str triage_of(struct tu_json item)
{
	struct tu_json reason = tu_json_get(item, TU_STR("nodsa_reason"));
	struct tu_str urgency = urgency_of(item);

	if (tu_str_eq(urgency, TU_STR("unimportant")))
		return TU_STR("unimportant");
	if (tu_str_eq(urgency, TU_STR("end-of-life")))
		return TU_STR("end-of-life");
	if (tu_str_eq(tu_json_str(reason), TU_STR("ignored")))
		return TU_STR("ignored");
	if (tu_str_eq(tu_json_str(reason), TU_STR("postponed")))
		return TU_STR("postponed");
	return tu_json_get(item, TU_STR("nodsa")).doc || tu_json_is_string(reason)
		? TU_STR("no-dsa")
		: (struct tu_str){"", 0};
}

/* One of the record's releases. */
static bool read_release(struct tu_advisory_reader *r, struct tu_json record, struct tu_str release,
	struct tu_json item)
{
	struct tu_json status = tu_json_get(item, TU_STR("status"));
	struct tu_json version = tu_json_get(item, TU_STR("fixed_version"));
	struct tu_str fixed = tu_advisory__version(r, version);
	struct tu_affected_package affected = {.type = TU_STR("deb"),
		.namespace_ = TU_STR("debian"),
		.name = r->draft.advisory.database};
	enum says says = status_of(tu_json_str(status));

	if (says == NOTHING || (says == RESOLVED && fixed.len == 0)) {
		tu_advisory__problem(r, status.doc ? status : item,
			"neither open, undetermined nor resolved in a version");
		return true;
	}
	/* Of what is fixed too: an older version of it was no more important. */
	if (says != RESOLVED || !tu_str_eq(fixed, TU_STR("0")))
		affected.module = triage_of(item);
	return name_distro(r, release, &affected.distro) &&
		fill_versions(r, says, fixed, &affected.versions) &&
		add_urgency(r, tu_json_get(record, TU_STR("releases")), item) &&
		tu_advisory__add_package(r, &affected);
}

static enum tu_status read_one(struct tu_advisory_reader *r, struct tu_json record,
	struct tu_str package, struct tu_str id, struct tu_json item)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(item, TU_STR("releases")));
	struct tu_str release;
	struct tu_json value;

	tu_advisory__begin_record(r, record, id, 0);
	if (!tu_advisory__is_id(id)) {
		r->id = (struct tu_str){"", 0};
		tu_advisory__skip(r, item, "not an id of a vulnerability");
		return TU_OK;
	}
	tu_advisory__begin(r, TU_SOURCE_DEBIAN);
	r->draft.advisory.database = package;
	r->draft.advisory.title = tu_advisory__title(TU_JSON_STR(item, "description"));
	while (tu_json_next_member(&iter, &release, &value)) {
		if (!read_release(r, item, tu_str_first(release, ADV_ID_MAX), value))
			return tu_advisory__no_memory(r);
	}
	r->summary->records++;
	return tu_advisory__emit(r);
}

enum tu_status tu_advisory__debian(struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json_iter packages = tu_json_iter(record);
	enum tu_status status = TU_OK;
	struct tu_str package, id;
	struct tu_json list, item;

	(void)line;
	while (!status && tu_json_next_member(&packages, &package, &list)) {
		struct tu_json_iter iter = tu_json_iter(list);

		if (!tu_json_is_object(list) || package.len > ADV_NAME_MAX) {
			tu_advisory__begin_record(r, record, (struct tu_str){"", 0}, 0);
			tu_advisory__skip(r, list, "not a package with vulnerabilities");
			continue;
		}
		while (!status && tu_json_next_member(&iter, &id, &item))
			status = read_one(r, record, package, id, item);
	}
	return status;
}
