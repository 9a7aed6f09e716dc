/*
 * Alpine's secdb (https://secdb.alpinelinux.org/) and those of its form: Wolfi, Chainguard and
 * others. "secfixes" of a package: version -> vulnerabilities that it fixes; version "0" -> those
 * that never were in it. One advisory for each package, vulnerability and version: of two fixes of
 * one vulnerability, the later counts, for the first was not enough.
 */
#include "advisory/reader.h"

struct secdb {
	struct tu_json record;
	struct tu_str namespace_;
	struct tu_str distro; /* "alpine-3.18"; empty: its packages carry no release */
};

/* Who publishes it, by a part of the address of its packages. */
static const struct {
	struct tu_str url;
	struct tu_str namespace_;
	bool has_releases;
} publishers[] = {
	{TU_STR_INIT("alpinelinux.org"), TU_STR_INIT("alpine"), true},
	{TU_STR_INIT("wolfi.dev"), TU_STR_INIT("wolfi"), false},
	{TU_STR_INIT("cgr.dev"), TU_STR_INIT("chainguard"), false},
	{TU_STR_INIT("mini.dev"), TU_STR_INIT("minimos"), false},
	{TU_STR_INIT("cve0.io"), TU_STR_INIT("secureos"), false},
};

static bool read_head(struct tu_advisory_reader *r, struct secdb *db, bool *out_known)
{
	struct tu_str url = TU_JSON_STR(db->record, "urlprefix");
	struct tu_str version = TU_JSON_STR(db->record, "distroversion");
	size_t i = 0;

	while (i < TU_COUNT(publishers) && tu_str_isearch(url, publishers[i].url) == url.len)
		i++;
	*out_known = i < TU_COUNT(publishers) &&
		(!publishers[i].has_releases || (version.len && version.len <= ADV_ID_MAX));
	if (!*out_known)
		return true;
	db->namespace_ = publishers[i].namespace_;
	if (!publishers[i].has_releases)
		return true;
	(void)tu_str_skip(&version, TU_STR("v"));
	tu_buf_clear(&r->text);
	tu_buf_str_add(&r->text, db->namespace_);
	tu_buf_byte(&r->text, '-');
	tu_buf_str_add(&r->text, version);
	return tu_advisory__copy_text(r, &db->distro);
}

/* "alpine-3.18 openssl 3.1.1-r0" */
static bool name_database(struct tu_advisory_reader *r, const struct secdb *db, struct tu_str name,
	struct tu_str version)
{
	tu_buf_clear(&r->text);
	tu_buf_str_add(&r->text, db->distro.len ? db->distro : db->namespace_);
	tu_buf_byte(&r->text, ' ');
	tu_buf_str_add(&r->text, name);
	tu_buf_byte(&r->text, ' ');
	tu_buf_str_add(&r->text, version);
	return tu_advisory__copy_text(r, &r->draft.advisory.database);
}

static bool fill_versions(
	struct tu_advisory_reader *r, struct tu_str version, struct tu_versions *versions)
{
	struct tu_span span = {.coverage = TU_COVERAGE_AFFECTED};

	versions->scheme = TU_SCHEME_APK;
	versions->otherwise = TU_COVERAGE_UNAFFECTED;
	if (tu_str_eq(version, TU_STR("0")))
		return true;
	versions->fixed = version;
	return tu_advisory__bound(r, TU_SCHEME_APK, version, false, &span.interval.hi) &&
		tu_advisory__add_span(r, &span) && tu_advisory__take_spans(r, versions);
}

static enum tu_status emit(struct tu_advisory_reader *r, const struct secdb *db, struct tu_str name,
	struct tu_str version, struct tu_str id)
{
	struct tu_affected_package package = {.type = TU_STR("apk"),
		.namespace_ = db->namespace_,
		.name = name,
		.distro = db->distro};

	tu_advisory__begin(r, TU_SOURCE_SECDB);
	r->draft.advisory.id = id;
	if (!name_database(r, db, name, version) || !fill_versions(r, version, &package.versions) ||
		!tu_advisory__add_package(r, &package))
		return tu_advisory__no_memory(r);
	return tu_advisory__emit(r);
}

/* "CVE-2019-9514", "XSA-248", "wnpa-sec-2017-18": letters, a hyphen, a number at the end. */
static bool looks_like_id(struct tu_str word)
{
	size_t i = 0;

	while (i < word.len && tu_char_is_alnum(word.ptr[i]))
		i++;
	return i >= 2 && i + 1 < word.len && word.ptr[i] == '-' && tu_advisory__is_id(word) &&
		tu_char_is_alnum(word.ptr[word.len - 1]) &&
		(tu_char_is_digit(word.ptr[word.len - 1]) || tu_str_starts(word, TU_STR("GHSA-")));
}

/* "CVE-2017-2616 (+ regression fix)", "CVE-2019-1 CVE-2019-2". */
static enum tu_status read_ids(struct tu_advisory_reader *r, const struct secdb *db,
	struct tu_str name, struct tu_str version, struct tu_json item)
{
	struct tu_str rest = tu_advisory__text(r, item, ADV_TEXT_MAX);
	enum tu_status status = TU_OK;
	bool any = false;
	struct tu_str word;

	while (!status && rest.len && tu_str_split(&rest, ' ', &word)) {
		while (word.len && strchr("[]()*,", word.ptr[word.len - 1]))
			word.len--;
		while (word.len && strchr("[]()*", word.ptr[0]))
			word = tu_str_from(word, 1);
		if (!looks_like_id(word))
			continue;
		any = true;
		status = emit(r, db, name, version, word);
	}
	if (!any && !status)
		tu_advisory__problem(r, item, "not an id of a vulnerability");
	return status;
}

static enum tu_status read_package(
	struct tu_advisory_reader *r, const struct secdb *db, struct tu_json package)
{
	struct tu_json fixes = tu_json_get(package, TU_STR("secfixes"));
	struct tu_str name =
		tu_advisory__text(r, tu_json_get(package, TU_STR("name")), ADV_NAME_MAX);
	struct tu_json_iter iter = tu_json_iter(fixes);
	enum tu_status status = TU_OK;
	struct tu_str version;
	struct tu_json list, item;

	if (name.len == 0 || (tu_json_type(fixes) > TU_JSON_NULL && !tu_json_is_object(fixes))) {
		tu_advisory__problem(r, package, "not a package with fixes");
		return TU_OK;
	}
	while (!status && tu_json_next_member(&iter, &version, &list)) {
		struct tu_json_iter ids = tu_json_iter(list);

		version = tu_str_trim(version);
		if (version.len == 0 || version.len > ADV_NAME_MAX) {
			tu_advisory__problem(r, list, "not a version");
			continue;
		}
		while (!status && tu_json_is_array(list) && tu_json_next_item(&ids, &item))
			status = read_ids(r, db, name, version, item);
	}
	return status;
}

enum tu_status tu_advisory__secdb(struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct secdb db = {.record = record};
	struct tu_json list = tu_json_get(record, TU_STR("packages"));
	struct tu_json_iter iter = tu_json_iter(list);
	enum tu_status status = TU_OK;
	struct tu_json item;
	bool known;

	tu_advisory__begin_record(r, record, (struct tu_str){"", 0}, line);
	if (!read_head(r, &db, &known))
		return tu_advisory__no_memory(r);
	if (!known) {
		tu_advisory__skip(r, tu_json_get(record, TU_STR("urlprefix")),
			"fixes of a distribution that is not known, or of no release");
		return TU_OK;
	}
	while (!status && tu_json_is_array(list) && tu_json_next_item(&iter, &item))
		status = read_package(r, &db, tu_json_get(item, TU_STR("pkg")));
	r->summary->records += status == TU_OK;
	return status;
}
