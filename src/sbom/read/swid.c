/*
 * SWID tags, ISO/IEC 19770-2:2015 (and :2009's successor forms with the element SoftwareIdentity),
 * written as CycloneDX JSON (see rewrite.h). Elements and attributes: NISTIR 8060, chapter 2.
 *
 * The tag is the subject. A link with rel="component" or "requires" names another tag, of which
 * only the id is known: it becomes a component with a name taken from the id. Files of the payload
 * that carry a hash become components, too.
 */
#include "sbom/read/rewrite.h"

#include "base/hex.h"
#include "base/xml.h"

struct reading {
	struct tu_sbom_rewrite *r;
	struct tu_sbom_part parts; /* components */
	struct tu_sbom_part links; /* dependencies */
	struct tu_str tag_id;
	size_t depth;
	struct tu_str supplier;
	struct tu_str name;
	struct tu_str version;
	size_t file_count;
};

static enum tu_status keep(struct reading *t, struct tu_str text, struct tu_str *out_copy)
{
	return tu_arena_dup(t->r->scratch, tu_str_trim(text), out_copy)
		? TU_OK
		: tu_sbom__rewrite_nomem(t->r);
}

static struct tu_str attribute(const struct tu_xml *xml, const char *name)
{
	return tu_str_trim(tu_xml_attr(xml, "", name));
}

static bool is_named(struct tu_xml_name name, const char *local)
{
	return tu_str_eq(name.local, tu_str_c(local));
}

/* ---- the tag ---- */

static enum tu_status open_tag(struct reading *t, struct tu_xml *xml)
{
	if (keep(t, attribute(xml, "tagId"), &t->tag_id) ||
		keep(t, attribute(xml, "name"), &t->name) ||
		keep(t, attribute(xml, "version"), &t->version))
		return TU_E_NOMEM;
	if (!t->tag_id.len || !t->name.len)
		return tu_xml_fail(xml, TU_E_SYNTAX, "a SWID tag needs the attributes %s",
			t->tag_id.len ? "name" : "tagId");
	return TU_OK;
}

/* The maker of the software comes before the maker of the tag. */
static enum tu_status open_entity(struct reading *t, const struct tu_xml *xml)
{
	struct tu_str role = attribute(xml, "role");
	bool creator = tu_str_search(role, TU_STR("softwareCreator")) < role.len;

	if (t->supplier.len && !creator)
		return TU_OK;
	return keep(t, attribute(xml, "name"), &t->supplier);
}

/* ---- links ---- */

static void write_link(struct reading *t, struct tu_str id, struct tu_str name)
{
	struct tu_json_writer *to = &t->parts.to;

	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("application"));
	tu_json_member_str(to, "bom-ref", id);
	tu_json_member_str(to, "name", name);
	tu_json_key(to, "swid");
	tu_json_open_object(to);
	tu_json_member_str(to, "tagId", id);
	tu_json_close_object(to);
	tu_json_close_object(to);
	tu_json_add_str(&t->links.to, id);
}

static enum tu_status open_link(struct reading *t, const struct tu_xml *xml)
{
	struct tu_str rel = attribute(xml, "rel");
	struct tu_str href = attribute(xml, "href");
	char *decoded;

	if (!tu_str_eq(rel, TU_STR("component")) && !tu_str_eq(rel, TU_STR("requires")))
		return TU_OK;
	if (!tu_str_skip(&href, TU_STR("swid:")) || !tu_str_trim(href).len)
		return tu_sbom__rewrite_note(t->r, tu_xml_line(xml), tu_xml_path(xml),
			"not followed: a link to another document:", href);
	href = tu_str_trim(href);
	decoded = tu_arena_text(t->r->scratch, href.len);
	if (!decoded)
		return tu_sbom__rewrite_nomem(t->r);
	write_link(t, href, tu_percent_decode(href, decoded));
	return TU_OK;
}

/* ---- files ---- */

/* Hashes are attributes in a namespace that names the algorithm:
 * xmlns:SHA256="http://www.w3.org/2001/04/xmlenc#sha256" SHA256:hash="…". */
static struct tu_str hash_of(const struct tu_xml *xml, struct tu_str *out_algorithm)
{
	static const struct {
		struct tu_str end;
		struct tu_str algorithm;
	} known[] = {
		{TU_STR_INIT("sha256"), TU_STR_INIT("SHA-256")},
		{TU_STR_INIT("sha512"), TU_STR_INIT("SHA-512")},
		{TU_STR_INIT("sha384"), TU_STR_INIT("SHA-384")},
		{TU_STR_INIT("sha1"), TU_STR_INIT("SHA-1")},
	};
	struct tu_xml_name name;
	struct tu_str value;

	for (size_t i = 0; tu_xml_attr_at(xml, i, &name, &value); i++) {
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
			if (!is_named(name, "hash") || !tu_str_ends(name.space, known[k].end))
				continue;
			*out_algorithm = known[k].algorithm;
			return tu_str_trim(value);
		}
	}
	return (struct tu_str){"", 0};
}

static enum tu_status open_file(struct reading *t, const struct tu_xml *xml)
{
	struct tu_json_writer *to = &t->parts.to;
	struct tu_str algorithm = {"", 0};
	struct tu_str hash = hash_of(xml, &algorithm);

	if (!hash.len) {
		t->file_count++;
		return TU_OK;
	}
	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("file"));
	tu_json_member_opt(to, "name", attribute(xml, "name"));
	tu_json_member_opt(to, "version", attribute(xml, "version"));
	tu_json_key(to, "hashes");
	tu_json_open_array(to);
	tu_json_open_object(to);
	tu_json_member_str(to, "alg", algorithm);
	tu_json_member_str(to, "content", hash);
	tu_json_close_object(to);
	tu_json_close_array(to);
	tu_json_close_object(to);
	return TU_OK;
}

/* ---- the document ---- */

static enum tu_status on_open(void *context, struct tu_xml *xml, struct tu_xml_name name)
{
	struct reading *t = context;

	if (t->depth++ == 0)
		return open_tag(t, xml);
	if (is_named(name, "Entity"))
		return open_entity(t, xml);
	if (is_named(name, "Link"))
		return open_link(t, xml);
	if (is_named(name, "File"))
		return open_file(t, xml);
	return tu_sbom__rewrite_check(t->r, &t->parts.buf);
}

static enum tu_status on_close(
	void *context, struct tu_xml *xml, struct tu_xml_name name, struct tu_str text)
{
	struct reading *t = context;

	(void)xml;
	(void)name;
	(void)text;
	t->depth--;
	return TU_OK;
}

static void write_subject(struct reading *t)
{
	struct tu_json_writer *to = &t->r->to;

	tu_json_key(to, "metadata");
	tu_json_open_object(to);
	tu_json_key(to, "component");
	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("application"));
	tu_json_member_str(to, "bom-ref", t->tag_id);
	tu_json_member_str(to, "name", t->name);
	tu_json_member_opt(to, "version", t->version);
	tu_json_member_opt(to, "publisher", t->supplier);
	tu_json_key(to, "swid");
	tu_json_open_object(to);
	tu_json_member_str(to, "tagId", t->tag_id);
	tu_json_close_object(to);
	tu_json_close_object(to);
	tu_json_close_object(to);
}

static enum tu_status write_document(struct reading *t)
{
	struct tu_sbom_rewrite *r = t->r;
	struct tu_json_writer *to = &r->to;
	enum tu_status status;

	tu_json_open_object(to);
	tu_json_member_str(to, "bomFormat", TU_STR("CycloneDX"));
	tu_json_member_str(to, "specVersion", TU_STR("1.6"));
	tu_json_member_str(to, "serialNumber", t->tag_id);
	write_subject(t);
	status = tu_sbom__part_member(r, "components", &t->parts);
	tu_json_key(to, "dependencies");
	tu_json_open_array(to);
	tu_json_open_object(to);
	tu_json_member_str(to, "ref", t->tag_id);
	if (!status)
		status = tu_sbom__part_member(r, "dependsOn", &t->links);
	tu_json_close_object(to);
	tu_json_close_array(to);
	tu_json_close_object(to);
	if (!status && t->file_count)
		status = tu_sbom__rewrite_note(r, 0, TU_STR("/SoftwareIdentity"),
			"not read as components: files without a hash", TU_STR(""));
	return status ? status : tu_sbom__rewrite_check(r, &r->json);
}

enum tu_status tu_sbom__rewrite_swid(struct tu_sbom_rewrite *r, struct tu_str text)
{
	static const struct tu_str none = {"", 0};
	struct reading t = {
		.r = r, .tag_id = none, .supplier = none, .name = none, .version = none};
	const struct tu_xml_handler handler = {on_open, on_close, &t};
	const struct tu_xml_limits limits = {.bytes = r->limits->bytes, .depth = r->limits->depth};
	enum tu_status status;

	r->format = TU_SBOM_SWID;
	r->spec_version = TU_STR("19770-2:2015");
	tu_sbom__part_init(r, &t.parts);
	tu_sbom__part_init(r, &t.links);
	status = tu_xml_read(text, &limits, &handler, r->err);
	if (!status)
		status = write_document(&t);
	tu_buf_done(&t.parts.buf);
	tu_buf_done(&t.links.buf);
	return status;
}
