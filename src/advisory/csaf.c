/*
 * CSAF 2.0 and 2.1 (https://docs.oasis-open.org/csaf/csaf/): security advisories and VEX alike.
 * Each vulnerability of a document becomes one advisory of the publisher; a product is a package
 * where it is named by purl, a product by CPE where it has a CPE name, else a product by plain
 * words.
 */
#include "advisory/csaf.h"

/* ---- scores and the rest ---- */

static bool add_cvss(struct csaf *c, struct tu_json holder, struct tu_str key)
{
	struct tu_json cvss = tu_json_get(holder, key);
	struct tu_str vector = TU_JSON_STR(cvss, "vectorString");
	struct tu_score seen = {.vector = vector};

	seen.severity = TU_JSON_STR(cvss, "baseSeverity");
	if (!cvss.doc || (vector.len && tu_advisory__has_score(c->r, &seen)))
		return true;
	return tu_advisory__add_cvss(c->r,
		vector.len ? tu_advisory__cvss_version(vector) : TU_CVSS_NONE, cvss, seen.severity,
		c->publisher);
}

/* 2.0: "scores": [{cvss_v2, cvss_v3}]; 2.1: "metrics": [{content: {cvss_v2, cvss_v3, cvss_v4}}] */
static bool read_scores(struct csaf *c, struct tu_json vulnerability)
{
	static const struct tu_str keys[] = {
		TU_STR_INIT("cvss_v2"), TU_STR_INIT("cvss_v3"), TU_STR_INIT("cvss_v4")};
	static const struct tu_str lists[] = {TU_STR_INIT("scores"), TU_STR_INIT("metrics")};

	for (size_t i = 0; i < TU_COUNT(lists); i++) {
		struct tu_json_iter iter = tu_json_iter(tu_json_get(vulnerability, lists[i]));
		struct tu_json item;

		while (tu_json_next_item(&iter, &item)) {
			struct tu_json content = tu_json_get(item, TU_STR("content"));

			for (size_t k = 0; k < TU_COUNT(keys); k++) {
				if (!add_cvss(c, content.doc ? content : item, keys[k]))
					return false;
			}
		}
	}
	return true;
}

/* "threats": {category: impact, details: "Moderate"}: the publisher's own word. */
static bool read_threats(struct csaf *c, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		struct tu_str details = TU_JSON_STR(item, "details");
		struct tu_score score = {
			.base_tenths = 0xff, .severity = details, .scorer = c->publisher};

		if (!tu_str_eq(TU_JSON_STR(item, "category"), TU_STR("impact")) ||
			details.len == 0 || tu_str_find(details, ' ') < details.len ||
			details.len > ADV_ID_MAX || tu_advisory__has_score(c->r, &score))
			continue;
		if (!tu_advisory__add_score(c->r, score))
			return false;
	}
	return true;
}

static bool read_cwes(struct csaf *c, struct tu_json vulnerability)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(vulnerability, TU_STR("cwes")));
	struct tu_json item;

	if (!tu_advisory__add_cwe(
		    c->r, TU_JSON_STR(tu_json_get(vulnerability, TU_STR("cwe")), "id")))
		return false;
	while (tu_json_next_item(&iter, &item)) {
		if (!tu_advisory__add_cwe(c->r, TU_JSON_STR(item, "id")))
			return false;
	}
	return true;
}

static bool read_references(struct csaf *c, struct tu_json list, struct tu_str tag)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		struct tu_str category = TU_JSON_STR(item, "category");
		bool self = tu_str_eq(category, TU_STR("self"));

		if (!tu_advisory__add_reference(c->r, tu_json_get(item, TU_STR("url")),
			    self ? tag : (struct tu_str){"", 0}))
			return false;
	}
	return true;
}

static struct tu_str note_text(struct tu_json notes)
{
	struct tu_json_iter iter = tu_json_iter(notes);
	struct tu_json item;

	while (tu_json_is_array(notes) && tu_json_next_item(&iter, &item)) {
		struct tu_str category = TU_JSON_STR(item, "category");

		if (tu_str_eq(category, TU_STR("summary")) ||
			tu_str_eq(category, TU_STR("description")))
			return TU_JSON_STR(item, "text");
	}
	return (struct tu_str){"", 0};
}

/* A title that is only the id says nothing. */
static struct tu_str title_of(const struct csaf *c, struct tu_json vulnerability)
{
	struct tu_str title = TU_JSON_STR(vulnerability, "title");

	if (title.len == 0 || tu_advisory__is_cve_id(title))
		title = note_text(tu_json_get(vulnerability, TU_STR("notes")));
	return tu_advisory__title(title.len ? title : c->title);
}

/* The document's own id names a vulnerability without a CVE; its number where there are several. */
static bool own_id(struct csaf *c, size_t number, struct tu_str *out_id)
{
	*out_id = c->tracking;
	if (c->vulnerabilities < 2)
		return true;
	tu_buf_clear(&c->r->text);
	tu_buf_printf(&c->r->text, "%.*s#%zu", TU_STR_FMT(c->tracking), number);
	return tu_advisory__copy_text(c->r, out_id);
}

static bool fill(struct csaf *c, struct tu_json vulnerability)
{
	struct tu_advisory_reader *r = c->r;
	struct tu_advisory *a = &r->draft.advisory;

	a->database = c->database;
	a->state = c->state;
	a->published = tu_advisory__time(r, tu_json_get(vulnerability, TU_STR("release_date")));
	if (a->published == 0)
		a->published = c->published;
	a->modified = c->modified;
	a->title = title_of(c, vulnerability);
	if (!tu_str_eq(a->id, c->tracking) && !TU_VEC_PUSH(&r->draft.related, c->tracking))
		return false;
	return tu_advisory__csaf_read_remediations(
		       c, tu_json_get(vulnerability, TU_STR("remediations"))) &&
		tu_advisory__csaf_read_statuses(
			c, tu_json_get(vulnerability, TU_STR("product_status"))) &&
		read_scores(c, vulnerability) &&
		read_threats(c, tu_json_get(vulnerability, TU_STR("threats"))) &&
		read_cwes(c, vulnerability) &&
		read_references(c, tu_json_get(vulnerability, TU_STR("references")),
			TU_STR("vendor-advisory"));
}

static enum tu_status read_vulnerability(
	struct csaf *c, struct tu_json document, struct tu_json item, size_t number)
{
	struct tu_advisory_reader *r = c->r;
	struct tu_json cve = tu_json_get(item, TU_STR("cve"));
	struct tu_str id = tu_json_str(cve);

	if (cve.doc && !tu_advisory__is_cve_id(id))
		tu_advisory__problem(r, cve, "not a CVE id");
	if (!tu_advisory__is_cve_id(id) && !own_id(c, number, &id))
		return tu_advisory__no_memory(r);
	tu_advisory__begin(r, TU_SOURCE_CSAF);
	r->draft.advisory.id = id;
	if (!fill(c, item) ||
		!read_references(
			c, tu_json_get(document, TU_STR("references")), TU_STR("vendor-advisory")))
		return tu_advisory__no_memory(r);
	return tu_advisory__emit(r);
}

/* ---- the document ---- */

/* "Red Hat Product Security RHSA-2024:3351": a CVE has a record in each document. */
static bool name_database(struct csaf *c)
{
	tu_buf_clear(&c->r->text);
	tu_buf_str_add(&c->r->text, c->publisher);
	tu_buf_byte(&c->r->text, ' ');
	tu_buf_str_add(&c->r->text, c->tracking);
	return tu_advisory__copy_text(c->r, &c->database);
}

static void read_head(struct csaf *c, struct tu_json document)
{
	struct tu_json tracking = tu_json_get(document, TU_STR("tracking"));
	struct tu_json publisher = tu_json_get(document, TU_STR("publisher"));

	c->publisher = tu_advisory__text(c->r, tu_json_get(publisher, TU_STR("name")), ADV_ID_MAX);
	c->title = TU_JSON_STR(document, "title");
	c->published =
		tu_advisory__time(c->r, tu_json_get(tracking, TU_STR("initial_release_date")));
	c->modified =
		tu_advisory__time(c->r, tu_json_get(tracking, TU_STR("current_release_date")));
	if (tu_str_eq(TU_JSON_STR(document, "category"), TU_STR("csaf_withdrawn")))
		c->state = TU_ADVISORY_WITHDRAWN;
}

static enum tu_status read_vulnerabilities(
	struct csaf *c, struct tu_json document, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	enum tu_status status = TU_OK;
	size_t number = 0;
	struct tu_json item;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(c->r, list, "not an array");
	if (!tu_json_is_array(list))
		return TU_OK;
	c->vulnerabilities = tu_json_count(list);
	while (!status && tu_json_next_item(&iter, &item)) {
		number++;
		if (tu_json_is_object(item))
			status = read_vulnerability(c, document, item, number);
		else
			tu_advisory__problem(c->r, item, "not an object");
	}
	return status;
}

static void tell(void *context, struct tu_json at, const char *message)
{
	tu_advisory__problem(context, at, "%s", message);
}

enum tu_status tu_advisory__csaf(struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_json document = tu_json_get(record, TU_STR("document"));
	struct tu_json id = tu_json_get(tu_json_get(document, TU_STR("tracking")), TU_STR("id"));
	struct csaf c = {.r = r, .tracking = tu_json_str(id)};
	enum tu_status status;

	c.tree = (struct tu_csaf_tree){.arena = r->arena, .problem = tell, .context = r};
	tu_advisory__begin_record(r, record, c.tracking, line);
	if (!tu_advisory__is_id(c.tracking)) {
		r->id = (struct tu_str){"", 0};
		tu_advisory__skip(
			r, id.doc ? id : document, "a document without a usable tracking id");
		return TU_OK;
	}
	read_head(&c, document);
	tu_csaf_tree_read(&c.tree, tu_json_get(record, TU_STR("product_tree")));
	if (!name_database(&c) || (c.tree.status && c.tree.status != TU_E_LIMIT))
		status = tu_advisory__no_memory(r);
	else
		status = read_vulnerabilities(
			&c, document, tu_json_get(record, TU_STR("vulnerabilities")));
	r->summary->records += status == TU_OK;
	TU_VEC_DONE(&c.fixes);
	tu_csaf_tree_done(&c.tree);
	return status;
}
