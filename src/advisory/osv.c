/* OSV 1.x (https://ossf.github.io/osv-schema/). */
#include "advisory/reader.h"

#include <tutela/purl.h>

/* ---- versions ---- */

/* What an entry of "affected" says of versions, while it is read. */
struct affected {
	struct tu_json at;
	enum tu_scheme scheme;
	struct tu_str fixed;
	bool has_ranges; /* ranges of versions, not of commits */
	bool has_empty; /* a range that says nothing */
	bool has_commits;
	TU_VEC(struct tu_event) events;
};

static bool event_kind(struct tu_str word, enum tu_event_kind *out_kind)
{
	static const struct {
		struct tu_str word;
		enum tu_event_kind kind;
	} kinds[] = {
		{TU_STR_INIT("introduced"), TU_EVENT_INTRODUCED},
		{TU_STR_INIT("fixed"), TU_EVENT_FIXED},
		{TU_STR_INIT("last_affected"), TU_EVENT_LAST_AFFECTED},
		{TU_STR_INIT("limit"), TU_EVENT_LIMIT},
	};

	for (size_t i = 0; i < TU_COUNT(kinds); i++) {
		if (tu_str_eq(kinds[i].word, word)) {
			*out_kind = kinds[i].kind;
			return true;
		}
	}
	return false;
}

/* An event is an object with one member; older records put a pair into one object. */
static bool read_event(struct tu_advisory_reader *r, struct affected *a, struct tu_json object)
{
	struct tu_json_iter iter = tu_json_iter(object);
	struct tu_str key;
	struct tu_json value;

	while (tu_json_is_object(object) && tu_json_next_member(&iter, &key, &value)) {
		struct tu_event event;

		if (!event_kind(key, &event.kind)) {
			tu_advisory__problem(r, value, "not a kind of event");
			continue;
		}
		event.version = tu_advisory__version(r, value);
		if (event.version.len == 0) {
			tu_advisory__problem(r, value, "an event without version");
			continue;
		}
		if (event.kind == TU_EVENT_LIMIT && tu_str_eq(event.version, TU_STR("*")))
			continue;
		if (event.kind == TU_EVENT_FIXED && a->fixed.len == 0)
			a->fixed = event.version;
		if (a->events.count >= ADV_SPANS_MAX) {
			tu_advisory__problem(r, object, "more than %d events", ADV_SPANS_MAX);
			return true;
		}
		if (!TU_VEC_PUSH_IN(r->arena, &a->events, event))
			return false;
	}
	return true;
}

static bool add_interval(struct tu_advisory_reader *r, struct tu_bound lo, struct tu_bound hi)
{
	struct tu_span span = {TU_COVERAGE_AFFECTED, {lo, hi}};

	return tu_advisory__add_span(r, &span);
}

/* Events as nearly all records have them: introduced, end, introduced, end, …, each above the one
 * before. `*out_done` false: they are not so, nothing was added. */
static bool add_ordered(struct tu_advisory_reader *r, const struct affected *a, bool *out_done)
{
	size_t before = r->draft.spans.count;
	struct tu_bound lo = {0};
	struct tu_bound last = {0};
	bool open = false;

	*out_done = false;
	for (size_t i = 0; i < a->events.count; i++) {
		struct tu_event event = a->events.at[i];
		bool begins = event.kind == TU_EVENT_INTRODUCED;
		struct tu_bound bound;

		if (begins && tu_str_eq(event.version, TU_STR("0")))
			event.version = (struct tu_str){"", 0};
		if (!tu_advisory__bound(r, a->scheme, event.version,
			    begins || event.kind == TU_EVENT_LAST_AFFECTED, &bound))
			return false;
		if (begins == open || (i && tu_str_cmp(last.key, bound.key) >= 0) ||
			(event.version.len && !bound.key.len)) {
			r->draft.spans.count = before;
			return true;
		}
		if (!begins && !add_interval(r, lo, bound))
			return false;
		lo = last = bound;
		open = begins;
	}
	*out_done = true;
	return !open || add_interval(r, lo, (struct tu_bound){0});
}

static bool add_events(struct tu_advisory_reader *r, const struct affected *a, struct tu_json at)
{
	const struct tu_range *range;
	enum tu_status status;
	bool done;

	if (a->events.count == 0)
		return true;
	if (!add_ordered(r, a, &done))
		return false;
	if (done)
		return true;
	status = tu_range_from_events(
		r->arena, a->scheme, a->events.at, a->events.count, &range, NULL);
	if (status == TU_E_NOMEM)
		return false;
	if (status) {
		tu_advisory__problem(r, at, "events that make no range");
		return true;
	}
	for (size_t i = 0; i < range->count; i++) {
		if (!add_interval(r, range->intervals[i].lo, range->intervals[i].hi))
			return false;
	}
	return true;
}

/* Without a beginning no version would be affected, which no record means. */
static bool begin_events(struct tu_advisory_reader *r, struct affected *a, struct tu_json range)
{
	struct tu_event first = {.kind = TU_EVENT_INTRODUCED, .version = TU_STR_INIT("0")};

	for (size_t i = 0; i < a->events.count; i++) {
		if (a->events.at[i].kind == TU_EVENT_INTRODUCED)
			return true;
	}
	tu_advisory__problem(r, range, "no event \"introduced\"");
	return a->events.count == 0 || TU_VEC_PUSH_IN(r->arena, &a->events, first);
}

static bool read_range(struct tu_advisory_reader *r, struct affected *a, struct tu_json range)
{
	struct tu_json type = tu_json_get(range, TU_STR("type"));
	struct tu_json events = tu_json_get(range, TU_STR("events"));
	struct tu_json_iter iter = tu_json_iter(events);
	struct tu_json event;

	if (tu_str_eq(tu_json_str(type), TU_STR("GIT"))) {
		a->has_commits = true;
		return true;
	}
	if (!tu_str_eq(tu_json_str(type), TU_STR("SEMVER")) &&
		!tu_str_eq(tu_json_str(type), TU_STR("ECOSYSTEM"))) {
		tu_advisory__problem(r, type.doc ? type : range, "not a type of range");
		return true;
	}
	if (!tu_json_is_array(events)) {
		tu_advisory__problem(r, events.doc ? events : range, "a range without events");
		return true;
	}
	if (a->scheme == TU_SCHEME_GENERIC && tu_str_eq(tu_json_str(type), TU_STR("SEMVER")))
		a->scheme = TU_SCHEME_SEMVER;
	a->events.count = 0;
	while (tu_json_next_item(&iter, &event)) {
		if (!read_event(r, a, event))
			return false;
	}
	a->has_ranges = true;
	a->has_empty |= a->events.count == 0;
	return begin_events(r, a, range) && add_events(r, a, range);
}

static bool read_ranges(struct tu_advisory_reader *r, struct affected *a)
{
	struct tu_json list = tu_json_get(a->at, TU_STR("ranges"));
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json range;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(r, list, "not an array");
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &range)) {
		if (!read_range(r, a, range))
			return false;
	}
	return true;
}

static bool is_inside(const struct tu_advisory_reader *r, size_t ranges, const struct tu_bound *at)
{
	for (size_t i = 0; i < ranges; i++) {
		if (tu_advisory__interval_holds(&r->draft.spans.at[i].interval, at))
			return true;
	}
	return false;
}

/* "versions" mostly repeats what the ranges say; only what lies outside them is kept. */
static bool read_versions(struct tu_advisory_reader *r, struct affected *a)
{
	enum { RANGES_LOOKED_AT = 256 };
	struct tu_json list = tu_json_get(a->at, TU_STR("versions"));
	struct tu_json_iter iter = tu_json_iter(list);
	size_t ranges = r->draft.spans.count;
	struct tu_json item;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(r, list, "not an array");
	if (ranges > RANGES_LOOKED_AT)
		ranges = RANGES_LOOKED_AT;
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		struct tu_str version = tu_advisory__version(r, item);
		struct tu_span span = {.coverage = TU_COVERAGE_AFFECTED};

		if (version.len == 0)
			continue;
		a->has_ranges = true;
		if (!tu_advisory__single(r, a->scheme, version, &span.interval))
			return false;
		if (!is_inside(r, ranges, &span.interval.lo) && !tu_advisory__add_span(r, &span))
			return false;
	}
	return true;
}

/* ---- packages ---- */

/* Go: "imports": [{"path": "net/http"}], which packages of the module. */
static bool read_imports(
	struct tu_advisory_reader *r, struct tu_json affected, struct tu_str *out_module)
{
	struct tu_json specific = tu_json_get(affected, TU_STR("ecosystem_specific"));
	struct tu_json list = tu_json_get(specific, TU_STR("imports"));
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	if (!tu_json_is_array(list))
		return true;
	tu_buf_clear(&r->text);
	while (tu_json_next_item(&iter, &item)) {
		struct tu_str path = TU_JSON_STR(item, "path");

		if (path.len == 0 || r->text.len + path.len > ADV_TEXT_MAX)
			continue;
		if (r->text.len)
			tu_buf_byte(&r->text, ' ');
		tu_buf_str_add(&r->text, path);
	}
	return tu_advisory__copy_text(r, out_module);
}

static bool add_kernel(struct tu_advisory_reader *r, const struct tu_versions *versions)
{
	struct tu_affected_product product = {.vulnerable = true, .versions = *versions};

	tu_advisory__cpe_any(&product.cpe);
	product.cpe.attr[TU_CPE_PART] = TU_STR("o");
	product.cpe.attr[TU_CPE_VENDOR] = TU_STR("linux");
	product.cpe.attr[TU_CPE_PRODUCT] = TU_STR("linux_kernel");
	return tu_advisory__add_product(r, &product);
}

/* The versions of the entry with all spans so far; without any range, all versions. */
static bool settle_versions(
	struct tu_advisory_reader *r, const struct affected *a, struct tu_versions *out_versions)
{
	*out_versions = (struct tu_versions){.scheme = a->scheme,
		.otherwise = a->has_empty ? TU_COVERAGE_UNKNOWN
			: a->has_ranges	  ? TU_COVERAGE_UNAFFECTED
					  : TU_COVERAGE_AFFECTED,
		.fixed = a->fixed};
	return tu_advisory__take_spans(r, out_versions);
}

static bool read_body(struct tu_advisory_reader *r, struct affected *a)
{
	r->draft.spans.count = 0;
	return read_ranges(r, a) && read_versions(r, a);
}

/* Repositories whose host has a purl type; their tags are the versions. */
static bool repository_name(struct tu_str url, struct tu_affected_package *package)
{
	static const struct {
		struct tu_str prefix;
		struct tu_str type;
	} hosts[] = {
		{TU_STR_INIT("https://github.com/"), TU_STR_INIT("github")},
		{TU_STR_INIT("https://bitbucket.org/"), TU_STR_INIT("bitbucket")},
	};

	if (tu_str_ends(url, TU_STR(".git")))
		url = tu_str_first(url, url.len - 4);
	for (size_t i = 0; i < TU_COUNT(hosts); i++) {
		struct tu_str path = url;
		size_t slash;

		if (!tu_str_skip(&path, hosts[i].prefix))
			continue;
		slash = tu_str_find(path, '/');
		package->type = hosts[i].type;
		package->namespace_ = tu_str_first(path, slash);
		package->name = tu_str_from(path, slash + 1);
		return slash > 0 && package->name.len > 0;
	}
	return false;
}

/* No package, but commits of a repository: kept where the versions are enumerated as well. */
static bool read_repository(struct tu_advisory_reader *r, struct affected *a)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(a->at, TU_STR("ranges")));
	struct tu_affected_package package = {0};
	struct tu_purl purl;
	struct tu_json range;

	if (!tu_json_next_item(&iter, &range) ||
		!repository_name(TU_JSON_STR(range, "repo"), &package)) {
		tu_advisory__problem(
			r, a->at, "neither a package nor a repository that packages name");
		return true;
	}
	purl = (struct tu_purl){
		.type = package.type, .namespace_ = package.namespace_, .name = package.name};
	a->scheme = TU_SCHEME_GENERIC;
	if (!read_body(r, a))
		return false;
	if (!a->has_ranges || tu_purl_normalise(r->arena, &purl, NULL)) {
		r->draft.spans.count = 0;
		return true;
	}
	package.namespace_ = purl.namespace_;
	package.name = purl.name;
	return settle_versions(r, a, &package.versions) && tu_advisory__add_package(r, &package);
}

static bool add_named(struct tu_advisory_reader *r, struct affected *a,
	const struct adv_ecosystem *ecosystem, struct tu_affected_package *package)
{
	a->scheme = tu_advisory__ecosystem_scheme(ecosystem);
	if (!read_body(r, a))
		return false;
	/* Only commits: nothing that a package's version could be compared with. */
	if (!a->has_ranges && a->has_commits) {
		r->draft.spans.count = 0;
		return true;
	}
	if (!settle_versions(r, a, &package->versions))
		return false;
	if (ecosystem->form == ADV_NAME_KERNEL)
		return add_kernel(r, &package->versions);
	return read_imports(r, a->at, &package->module) && tu_advisory__add_package(r, package);
}

/* The packages of a record are mostly of one ecosystem and release. */
static bool find_ecosystem(struct tu_advisory_reader *r, struct tu_str name,
	const struct adv_ecosystem **out_ecosystem, struct tu_str *out_distro)
{
	struct tu_str release;

	if (name.len == 0 || !tu_str_eq(name, r->last_ecosystem_name)) {
		r->last_ecosystem_name = name;
		r->last_ecosystem = tu_advisory__ecosystem_find(name, &release);
		if (r->last_ecosystem &&
			!tu_advisory__ecosystem_distro(
				r, r->last_ecosystem, release, &r->last_distro))
			return false;
	}
	*out_ecosystem = r->last_ecosystem;
	*out_distro = r->last_distro;
	return true;
}

static bool add_by_purl(
	struct tu_advisory_reader *r, struct affected *a, struct tu_affected_package *package)
{
	static const struct adv_ecosystem unknown = {.form = ADV_NAME_PLAIN};
	const struct adv_ecosystem *ecosystem = tu_advisory__ecosystem_of_type(package->type);
	struct adv_ecosystem row = ecosystem ? *ecosystem : unknown;

	if (!ecosystem)
		row.type = package->type;
	return add_named(r, a, &row, package);
}

static bool read_package(struct tu_advisory_reader *r, struct affected *a, struct tu_json object)
{
	struct tu_json eco = tu_json_get(object, TU_STR("ecosystem"));
	struct tu_json name = tu_json_get(object, TU_STR("name"));
	struct tu_affected_package package = {0};
	const struct adv_ecosystem *ecosystem;
	bool fine = false;
	bool by_purl = false;

	if (!find_ecosystem(
		    r, tu_advisory__text(r, eco, ADV_NAME_MAX), &ecosystem, &package.distro))
		return false;
	if (ecosystem &&
		!tu_advisory__ecosystem_name(
			r, ecosystem, tu_advisory__text(r, name, ADV_NAME_MAX), &package, &fine))
		return false;
	if (fine)
		return add_named(r, a, ecosystem, &package);
	if (!tu_advisory__purl_name(r, object, &package, &by_purl))
		return false;
	if (by_purl)
		return add_by_purl(r, a, &package);
	if (!ecosystem)
		tu_advisory__problem(r, eco.doc ? eco : object,
			"an ecosystem that is not known: \"%.*s\"",
			TU_STR_FMT(tu_str_first(tu_json_str(eco), 64)));
	else
		tu_advisory__problem(r, name.doc ? name : object,
			"\"%.*s\" is not a package name of %.*s",
			TU_STR_FMT(tu_str_first(tu_json_str(name), 64)),
			TU_STR_FMT(ecosystem->name));
	return true;
}

static bool add_severities(struct tu_advisory_reader *r, struct tu_json list);

/* Many databases state a word of their own beside or instead of a vector: GHSA of the record,
 * OSS-Fuzz of a package. */
static bool add_own_severity(struct tu_advisory_reader *r, struct tu_json object)
{
	static const struct tu_str places[] = {
		TU_STR_INIT("database_specific"), TU_STR_INIT("ecosystem_specific")};

	for (size_t i = 0; i < TU_COUNT(places); i++) {
		struct tu_json specific = tu_json_get(object, places[i]);
		struct tu_json severity = tu_json_get(specific, TU_STR("severity"));
		struct tu_score score = {.base_tenths = 0xff, .scorer = r->draft.advisory.database};

		score.severity = tu_str_first(tu_json_str(severity), ADV_NAME_MAX);
		if (score.severity.len && !tu_advisory__has_score(r, &score) &&
			!tu_advisory__add_score(r, score))
			return false;
	}
	return true;
}

static bool read_affected(struct tu_advisory_reader *r, struct tu_json item)
{
	struct affected a = {.at = item};
	struct tu_json package = tu_json_get(item, TU_STR("package"));

	if (!tu_json_is_object(item)) {
		tu_advisory__problem(r, item, "not an object");
		return true;
	}
	if (!add_severities(r, tu_json_get(item, TU_STR("severity"))) || !add_own_severity(r, item))
		return false;
	if (tu_json_is_object(package))
		return read_package(r, &a, package);
	if (tu_json_type(package) > TU_JSON_NULL)
		tu_advisory__problem(r, package, "not an object");
	return read_repository(r, &a);
}

/* ---- the rest ---- */

/* CVSS_V2, _V3, _V4 have a vector; others ("Ubuntu") a word. */
static bool add_severity(struct tu_advisory_reader *r, struct tu_json item)
{
	struct tu_json type = tu_json_get(item, TU_STR("type"));
	struct tu_json value = tu_json_get(item, TU_STR("score"));
	struct tu_str text = tu_advisory__text(r, value, ADV_TEXT_MAX);
	struct tu_score score = {.base_tenths = 0xff, .scorer = r->draft.advisory.database};

	if (!tu_str_starts(tu_json_str(type), TU_STR("CVSS_")))
		score.severity = text;
	else
		score.vector = text;
	score.version = tu_advisory__cvss_version(score.vector);
	if (score.vector.len && score.version == TU_CVSS_NONE) {
		tu_advisory__problem(r, value, "not a CVSS vector");
		return true;
	}
	if (text.len == 0 || tu_advisory__has_score(r, &score))
		return true;
	return tu_advisory__add_score(r, score);
}

static bool each_item(struct tu_advisory_reader *r, struct tu_json list,
	bool (*add)(struct tu_advisory_reader *r, struct tu_json item))
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(r, list, "not an array");
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		if (!add(r, item))
			return false;
	}
	return true;
}

static bool add_severities(struct tu_advisory_reader *r, struct tu_json list)
{
	return each_item(r, list, add_severity);
}

static bool add_reference(struct tu_advisory_reader *r, struct tu_json item)
{
	struct tu_json url = tu_json_get(item, TU_STR("url"));
	struct tu_str type;

	return tu_advisory__lower(r, TU_JSON_STR(item, "type"), &type) &&
		tu_advisory__add_reference(r, url, tu_str_first(type, ADV_NAME_MAX));
}

static bool add_cwe(struct tu_advisory_reader *r, struct tu_json item)
{
	struct tu_json id = tu_json_is_object(item) ? tu_json_get(item, TU_STR("cweId")) : item;

	return tu_advisory__add_cwe(r, tu_json_str(id));
}

static void read_head(struct tu_advisory_reader *r, struct tu_json record)
{
	struct tu_advisory *a = &r->draft.advisory;
	struct tu_json withdrawn = tu_json_get(record, TU_STR("withdrawn"));

	a->database = tu_str_first(r->id, tu_str_find(r->id, '-'));
	a->published = tu_advisory__time(r, tu_json_get(record, TU_STR("published")));
	a->modified = tu_advisory__time(r, tu_json_get(record, TU_STR("modified")));
	a->withdrawn = tu_advisory__time(r, withdrawn);
	if (a->withdrawn)
		a->state = TU_ADVISORY_WITHDRAWN;
	a->title = tu_advisory__title(TU_JSON_STR(record, "summary"));
	if (a->title.len == 0)
		a->title = tu_advisory__title(TU_JSON_STR(record, "details"));
}

static bool read_record(struct tu_advisory_reader *r, struct tu_json record)
{
	struct tu_json specific = tu_json_get(record, TU_STR("database_specific"));
	struct tu_json cwes = tu_json_get(specific, TU_STR("cwe_ids"));

	if (!cwes.doc)
		cwes = tu_json_get(specific, TU_STR("cwes"));
	return each_item(r, tu_json_get(record, TU_STR("aliases")), tu_advisory__add_alias) &&
		each_item(r, tu_json_get(record, TU_STR("related")), tu_advisory__add_related) &&
		each_item(r, tu_json_get(record, TU_STR("upstream")), tu_advisory__add_related) &&
		add_severities(r, tu_json_get(record, TU_STR("severity"))) &&
		each_item(r, tu_json_get(record, TU_STR("affected")), read_affected) &&
		add_own_severity(r, record) &&
		(!tu_json_is_array(cwes) || each_item(r, cwes, add_cwe)) &&
		each_item(r, tu_json_get(record, TU_STR("references")), add_reference);
}

/* Distributions publish fixed bugs and improvements in the same form; where those name no
 * vulnerability there is none that a package could be affected by. */
static bool is_no_vulnerability(const struct adv_draft *draft)
{
	static const struct tu_str prefixes[] = {TU_STR_INIT("ALBA-"), TU_STR_INIT("ALEA-"),
		TU_STR_INIT("RLBA-"), TU_STR_INIT("RLEA-"), TU_STR_INIT("RHBA-"),
		TU_STR_INIT("RHEA-"), TU_STR_INIT("MGAA-")};

	if (draft->aliases.count || draft->related.count)
		return false;
	for (size_t i = 0; i < TU_COUNT(prefixes); i++) {
		if (tu_str_starts(draft->advisory.id, prefixes[i]))
			return true;
	}
	return false;
}

enum tu_status tu_advisory__osv(struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json id = tu_json_get(record, TU_STR("id"));

	tu_advisory__begin_record(r, record, tu_json_str(id), line);
	if (!tu_advisory__is_id(r->id)) {
		r->id = (struct tu_str){"", 0};
		tu_advisory__skip(r, id.doc ? id : record, "a record without a usable id");
		return TU_OK;
	}
	tu_advisory__begin(r, TU_SOURCE_OSV);
	read_head(r, record);
	if (!read_record(r, record))
		return tu_advisory__no_memory(r);
	if (is_no_vulnerability(&r->draft))
		r->draft.packages.count = 0;
	r->summary->records++;
	return tu_advisory__emit(r);
}
