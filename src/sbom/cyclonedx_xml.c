/*
 * CycloneDX XML 1.0 to 1.7, written as CycloneDX JSON (see rewrite.h).
 *
 * Elements and attributes: the specification's XML schemas, github.com/CycloneDX/specification,
 * schema/bom-1.0.xsd to bom-1.7.xsd; and the two extensions of the time before 1.4,
 * schema/ext/vulnerability-1.0.xsd and dependency-graph-1.0.xsd.
 *
 * The tables say what becomes of each element. SKIPPED: understood and not needed, as in the tables
 * of the JSON reader.
 */
#include "sbom/rewrite.h"

#include "base/alloc.h"
#include "base/xml.h"

#define SPACE_CORE "http://cyclonedx.org/schema/bom/"
#define SPACE_VULNERABILITY "http://cyclonedx.org/schema/ext/vulnerability/1."
#define SPACE_DEPENDENCY "http://cyclonedx.org/schema/ext/dependency-graph/1."

enum kind {
	SKIPPED, /* nothing is written of it */
	ASIDE, /* the same, with a note */
	TEXT, /* a string */
	REF, /* a string: its attribute "ref" */
	EMPTY, /* {}: only that it is there is of interest */
	OBJECT, /* attributes and children are members */
	LIST /* children are items */
};

struct shape;

struct child {
	const char *element;
	/* In an object: the member's name. In a list: the member of an object around the item, or
	 * NULL when the item stands alone. */
	const char *member;
	const struct shape *shape;
	bool many; /* of an object: comes several times, the member is an array */
};

struct shape {
	enum kind kind;
	const char *text; /* member that gets the text of an object */
	const char *const *attributes; /* that are members, up to NULL */
	const struct child *children;
	size_t count;
	bool open; /* other children are skipped without a note */
	bool to_statements; /* items go to the document's vulnerabilities */
};

static const struct shape skipped = {.kind = SKIPPED};
static const struct shape aside = {.kind = ASIDE};
static const struct shape text = {.kind = TEXT};
static const struct shape ref = {.kind = REF};
static const struct shape empty = {.kind = EMPTY};
static const struct shape empty_list = {.kind = LIST, .open = true};

/* A shape with the children in name_children. */
#define SHAPE(name, ...) \
	static const struct shape name = { \
		.children = name##_children, .count = TU_COUNT(name##_children), __VA_ARGS__}

/* ---- what a component has ---- */

static const struct child entity_children[] = {{"name", "name", &text, false}};
SHAPE(entity, .kind = OBJECT, .open = true);
static const struct child entities_children[] = {
	{"author", NULL, &entity, false}, {"individual", NULL, &entity, false}};
SHAPE(entities, .kind = LIST);

static const char *const hash_attributes[] = {"alg", NULL};
static const struct shape hash = {.kind = OBJECT, .text = "content", .attributes = hash_attributes};
static const struct child hashes_children[] = {{"hash", NULL, &hash, false}};
SHAPE(hashes, .kind = LIST);

static const char *const property_attributes[] = {"name", NULL};
static const struct shape property = {
	.kind = OBJECT, .text = "value", .attributes = property_attributes};
static const struct child properties_children[] = {{"property", NULL, &property, false}};
SHAPE(properties, .kind = LIST);

static const struct child licence_children[] = {
	{"id", "id", &text, false}, {"name", "name", &text, false}};
SHAPE(licence, .kind = OBJECT, .open = true);
/* expression-detailed: 1.7. */
static const char *const expression_attributes[] = {"expression", NULL};
static const struct shape expression_detailed = {
	.kind = OBJECT, .attributes = expression_attributes, .open = true};
static const struct child licences_children[] = {
	{"license", "license", &licence, false},
	{"expression", "expression", &text, false},
	{"expression-detailed", NULL, &expression_detailed, false},
};
SHAPE(licences, .kind = LIST);

static const char *const swid_attributes[] = {"tagId", NULL};
static const struct shape swid = {.kind = OBJECT, .attributes = swid_attributes, .open = true};

static const char *const type_attributes[] = {"type", NULL};
static const struct child issue_children[] = {
	{"id", "id", &text, false},
	{"name", "name", &text, false},
	{"description", "description", &text, false},
	{"source", NULL, &skipped, false},
	{"references", NULL, &skipped, false},
};
SHAPE(issue, .kind = OBJECT, .attributes = type_attributes);
static const struct child resolves_children[] = {{"issue", NULL, &issue, false}};
SHAPE(resolves, .kind = LIST);
static const struct child diff_children[] = {
	{"url", "url", &text, false}, {"text", NULL, &skipped, false}};
SHAPE(diff, .kind = OBJECT);
static const struct child patch_children[] = {
	{"diff", "diff", &diff, false}, {"resolves", "resolves", &resolves, false}};
SHAPE(patch, .kind = OBJECT, .attributes = type_attributes);
static const struct child patches_children[] = {{"patch", NULL, &patch, false}};
SHAPE(patches, .kind = LIST);
static const struct child relatives_children[] = {{"component", NULL, &empty, false}};
SHAPE(relatives, .kind = LIST);
static const struct child pedigree_children[] = {
	{"patches", "patches", &patches, false},
	{"ancestors", "ancestors", &relatives, false},
	{"descendants", "descendants", &relatives, false},
	{"variants", "variants", &relatives, false},
	{"commits", NULL, &skipped, false},
	{"notes", NULL, &skipped, false},
};
SHAPE(pedigree, .kind = OBJECT);

static const struct child identity_children[] = {
	{"field", "field", &text, false},
	{"concludedValue", "concludedValue", &text, false},
	{"confidence", NULL, &skipped, false},
	{"methods", NULL, &skipped, false},
	{"tools", NULL, &skipped, false},
};
SHAPE(identity, .kind = OBJECT);
static const struct child evidence_children[] = {
	{"identity", "identity", &identity, true},
	{"occurrences", NULL, &skipped, false},
	{"callstack", NULL, &skipped, false},
	{"licenses", NULL, &skipped, false},
	{"copyright", NULL, &skipped, false},
};
SHAPE(evidence, .kind = OBJECT);

/* ---- statements ---- */

static const struct child analysis_children[] = {
	{"state", "state", &text, false},
	{"justification", "justification", &text, false},
	{"detail", "detail", &text, false},
	{"responses", NULL, &skipped, false},
	{"firstIssued", NULL, &skipped, false},
	{"lastUpdated", NULL, &skipped, false},
};
SHAPE(analysis, .kind = OBJECT);
static const struct child target_children[] = {
	{"ref", "ref", &text, false}, {"versions", "versions", &empty_list, false}};
SHAPE(target, .kind = OBJECT);
static const struct child affects_children[] = {{"target", NULL, &target, false}};
SHAPE(affects, .kind = LIST);
static const struct child vulnerability_children[] = {
	{"id", "id", &text, false},
	{"analysis", "analysis", &analysis, false},
	{"affects", "affects", &affects, false},
	{"source", NULL, &skipped, false},
	{"references", NULL, &skipped, false},
	{"ratings", NULL, &skipped, false},
	{"cwes", NULL, &skipped, false},
	{"description", NULL, &skipped, false},
	{"detail", NULL, &skipped, false},
	{"recommendation", NULL, &skipped, false},
	{"workaround", NULL, &skipped, false},
	{"proofOfConcept", NULL, &skipped, false},
	{"advisories", NULL, &skipped, false},
	{"created", NULL, &skipped, false},
	{"published", NULL, &skipped, false},
	{"updated", NULL, &skipped, false},
	{"rejected", NULL, &skipped, false},
	{"credits", NULL, &skipped, false},
	{"tools", NULL, &skipped, false},
	{"properties", NULL, &skipped, false},
};
SHAPE(vulnerability, .kind = OBJECT);
static const struct child vulnerabilities_children[] = {
	{"vulnerability", NULL, &vulnerability, false}};
SHAPE(vulnerabilities, .kind = LIST, .to_statements = true);

/* The extension's: inside a component, about the one in its attribute "ref". */
static const struct child ext_vulnerability_children[] = {{"id", "id", &text, false}};
SHAPE(ext_vulnerability, .kind = OBJECT, .open = true);
static const struct child ext_vulnerabilities_children[] = {
	{"vulnerability", NULL, &ext_vulnerability, false}};
SHAPE(ext_vulnerabilities, .kind = LIST, .to_statements = true);

/* ---- components and services ---- */

static const struct shape components;
static const char *const component_attributes[] = {"type", "bom-ref", NULL};
static const struct child component_children[] = {
	{"group", "group", &text, false},
	{"name", "name", &text, false},
	{"version", "version", &text, false},
	{"purl", "purl", &text, false},
	{"cpe", "cpe", &text, false},
	{"licenses", "licenses", &licences, false},
	{"hashes", "hashes", &hashes, false},
	{"properties", "properties", &properties, false},
	{"scope", "scope", &text, false},
	{"publisher", "publisher", &text, false},
	{"author", "author", &text, false},
	{"authors", "authors", &entities, false},
	{"supplier", "supplier", &entity, false},
	{"manufacturer", "manufacturer", &entity, false},
	{"components", "components", &components, false},
	{"evidence", "evidence", &evidence, false},
	{"pedigree", "pedigree", &pedigree, false},
	{"swid", "swid", &swid, false},
	{"versionRange", "versionRange", &text, false},
	{"description", NULL, &skipped, false},
	{"externalReferences", NULL, &skipped, false},
	{"copyright", NULL, &skipped, false},
	{"modified", NULL, &skipped, false},
	{"releaseNotes", NULL, &skipped, false},
	{"signature", NULL, &skipped, false},
	{"modelCard", NULL, &skipped, false},
	{"data", NULL, &skipped, false},
	{"cryptoProperties", NULL, &skipped, false},
	{"omniborId", NULL, &skipped, false},
	{"swhid", NULL, &skipped, false},
	{"tags", NULL, &skipped, false},
	{"isExternal", NULL, &skipped, false},
	{"patentAssertions", NULL, &skipped, false},
};
SHAPE(component, .kind = OBJECT, .attributes = component_attributes);
static const struct child components_children[] = {{"component", NULL, &component, false}};
SHAPE(components, .kind = LIST);

static const struct shape services;
static const char *const service_attributes[] = {"bom-ref", NULL};
static const struct child service_children[] = {{"services", "services", &services, false}};
SHAPE(service, .kind = OBJECT, .attributes = service_attributes, .open = true);
static const struct child services_children[] = {{"service", NULL, &service, false}};
SHAPE(services, .kind = LIST);

/* ---- the document ---- */

static const struct child tool_children[] = {
	{"name", "name", &text, false}, {"version", "version", &text, false}};
SHAPE(tool, .kind = OBJECT, .open = true);
static const struct child tool_components_children[] = {
	{"component", NULL, &tool, false}, {"service", NULL, &tool, false}};
SHAPE(tool_components, .kind = LIST);
/* Up to 1.4 a list of tools, then two lists; JSON's second form holds both. */
static const struct child tools_children[] = {
	{"tool", "components", &tool, true},
	{"components", "components", &tool_components, false},
	{"services", "services", &tool_components, false},
};
SHAPE(tools, .kind = OBJECT);
static const struct child metadata_children[] = {
	{"timestamp", "timestamp", &text, false},
	{"tools", "tools", &tools, false},
	{"component", "component", &component, false},
	{"authors", NULL, &skipped, false},
	{"licenses", NULL, &skipped, false},
	{"lifecycles", NULL, &skipped, false},
	{"manufacture", NULL, &skipped, false},
	{"manufacturer", NULL, &skipped, false},
	{"properties", NULL, &skipped, false},
	{"supplier", NULL, &skipped, false},
	{"distributionConstraints", NULL, &skipped, false},
};
SHAPE(metadata, .kind = OBJECT);

static const char *const dependency_attributes[] = {"ref", NULL};
static const struct child dependency_children[] = {
	{"dependency", "dependsOn", &ref, true}, {"provides", "provides", &ref, true}};
SHAPE(dependency, .kind = OBJECT, .attributes = dependency_attributes);
static const struct child dependencies_children[] = {{"dependency", NULL, &dependency, false}};
SHAPE(dependencies, .kind = LIST);

static const char *const bom_attributes[] = {"serialNumber", NULL};
static const struct child bom_children[] = {
	{"metadata", "metadata", &metadata, false},
	{"components", "components", &components, false},
	{"services", "services", &services, false},
	{"dependencies", "dependencies", &dependencies, false},
	{"vulnerabilities", NULL, &vulnerabilities, false},
	{"externalReferences", NULL, &skipped, false},
	{"properties", NULL, &skipped, false},
	{"signature", NULL, &skipped, false},
	{"citations", NULL, &skipped, false},
	{"compositions", NULL, &aside, false},
	{"annotations", NULL, &aside, false},
	{"formulation", NULL, &aside, false},
	{"declarations", NULL, &aside, false},
	{"definitions", NULL, &aside, false},
};
SHAPE(bom, .kind = OBJECT, .attributes = bom_attributes);

/* Extensions, by the start of their namespace. */
static const struct {
	struct tu_str space;
	struct child child;
} extensions[] = {
	{TU_STR_INIT(SPACE_VULNERABILITY), {"vulnerabilities", NULL, &ext_vulnerabilities, false}},
	{TU_STR_INIT(SPACE_DEPENDENCY), {"dependencies", "dependencies", &dependencies, false}},
};

/* ---- the walk ---- */

struct frame {
	const struct shape *shape;
	struct tu_json_writer *to;
	uint64_t seen; /* children that came, by their place in the table */
	const struct child *many; /* whose array is open */
	bool wrapped; /* an object around the item is open */
	size_t ref_at; /* of a component: where its bom-ref begins in `refs`, to the next one's */
};

struct rewriting {
	struct tu_sbom_rewrite *r;
	struct tu_sbom_part statements;
	TU_VEC(struct frame) frames;
	size_t skipping; /* elements that are open in a part that is not read */
	struct tu_buf refs; /* bom-refs of the components that are open */
	struct tu_str space; /* the document's namespace */
};

static struct frame *top(struct rewriting *w)
{
	return &w->frames.at[w->frames.count - 1];
}

static enum tu_status note(
	struct rewriting *w, const struct tu_xml *xml, const char *what, struct tu_str detail)
{
	return tu_sbom__rewrite_note(w->r, tu_xml_line(xml), tu_xml_path(xml), what, detail);
}

static bool is_named(const char *element, struct tu_str local)
{
	return tu_str_eq(tu_str_c(element), local);
}

static const struct child *child_of(const struct shape *shape, struct tu_str local)
{
	for (size_t i = 0; i < shape->count; i++) {
		if (is_named(shape->children[i].element, local))
			return &shape->children[i];
	}
	return NULL;
}

static const struct child *extension_of(struct tu_xml_name name)
{
	for (size_t i = 0; i < TU_COUNT(extensions); i++) {
		if (tu_str_starts(name.space, extensions[i].space) &&
			is_named(extensions[i].child.element, name.local))
			return &extensions[i].child;
	}
	return NULL;
}

static const struct child *find_child(
	const struct rewriting *w, const struct shape *shape, struct tu_xml_name name)
{
	bool extension = tu_str_starts(name.space, TU_STR(SPACE_VULNERABILITY)) ||
		tu_str_starts(name.space, TU_STR(SPACE_DEPENDENCY));
	const struct child *child = NULL;

	if (extension && (shape == &bom || shape == &component))
		return extension_of(name);
	if (extension || tu_str_eq(name.space, w->space))
		child = child_of(shape, name.local);
	return child;
}

static void close_many(struct frame *frame)
{
	if (frame->many)
		tu_json_close_array(frame->to);
	frame->many = NULL;
}

/* The bit of a member: of the first row that writes it. Those of extensions may have none. */
static uint64_t bit_of(const struct shape *shape, const struct child *child)
{
	for (size_t i = 0; i < shape->count; i++) {
		const char *member = shape->children[i].member;

		if (member && child->member && strcmp(member, child->member) == 0)
			return (uint64_t)1 << i;
	}
	return (uint64_t)1 << 63;
}

/* Is this the first child of its kind, or one of an array that is still open? */
static bool is_in_place(struct frame *frame, const struct child *child)
{
	uint64_t bit = bit_of(frame->shape, child);

	if (frame->many == child || child->shape->to_statements)
		return true;
	if (frame->seen & bit)
		return false;
	frame->seen |= bit;
	return true;
}

/* What stands before the value of a child: key, bracket, or an object around it. */
static void lead_in(struct frame *parent, const struct child *child)
{
	if (parent->many == child)
		return;
	close_many(parent);
	if (!child->member)
		return;
	if (parent->shape->kind == LIST) {
		tu_json_open_object(parent->to);
		parent->wrapped = true;
	}
	tu_json_key(parent->to, child->member);
	if (child->many) {
		tu_json_open_array(parent->to);
		parent->many = child;
	}
}

static void write_attributes(
	const struct tu_xml *xml, const struct shape *shape, struct tu_json_writer *to)
{
	for (const char *const *name = shape->attributes; name && *name; name++) {
		struct tu_str value = tu_xml_attr(xml, "", *name);

		if (value.ptr)
			tu_json_member_str(to, *name, tu_str_trim(value));
	}
}

/* The component that the present element stands in, or NULL. */
static struct frame *component_around(struct rewriting *w)
{
	for (size_t i = w->frames.count; i-- > 0;) {
		if (w->frames.at[i].shape == &component)
			return &w->frames.at[i];
	}
	return NULL;
}

/* Its bom-ref. Without one it gets the reference by which the extension names it. */
static struct tu_str ref_around(struct rewriting *w, struct tu_str named)
{
	struct frame *around = component_around(w);

	if (!around)
		return named;
	if (w->refs.len == around->ref_at && named.len) {
		tu_json_member_str(around->to, "bom-ref", named);
		tu_buf_str_add(&w->refs, named);
	}
	return tu_str_from(tu_buf_str(&w->refs), around->ref_at);
}

/* The extension's vulnerability is about the component that it stands in; the reference that it
 * has beside that is often one of its own. */
static void write_about(struct rewriting *w, const struct tu_xml *xml, struct tu_json_writer *to)
{
	struct tu_str about = ref_around(w, tu_str_trim(tu_xml_attr(xml, "", "ref")));

	if (!about.len)
		return;
	tu_json_key(to, "affects");
	tu_json_open_array(to);
	tu_json_open_object(to);
	tu_json_member_str(to, "ref", about);
	tu_json_close_object(to);
	tu_json_close_array(to);
}

static void begin_value(struct rewriting *w, const struct tu_xml *xml, struct frame *frame)
{
	struct tu_json_writer *to = frame->to;

	switch (frame->shape->kind) {
	case REF:
		tu_json_add_str(to, tu_str_trim(tu_xml_attr(xml, "", "ref")));
		break;
	case OBJECT:
		tu_json_open_object(to);
		write_attributes(xml, frame->shape, to);
		frame->ref_at = w->refs.len;
		if (frame->shape == &component)
			tu_buf_str_add(&w->refs, tu_str_trim(tu_xml_attr(xml, "", "bom-ref")));
		if (frame->shape == &ext_vulnerability)
			write_about(w, xml, to);
		break;
	case EMPTY:
		tu_json_open_object(to);
		break;
	case LIST:
		if (!frame->shape->to_statements)
			tu_json_open_array(to);
		break;
	case SKIPPED:
	case ASIDE:
	case TEXT:
	default:
		break;
	}
}

static enum tu_status push(struct rewriting *w, const struct tu_xml *xml, const struct shape *shape,
	struct tu_json_writer *to)
{
	struct frame frame = {.shape = shape, .to = to};

	if (shape->to_statements)
		frame.to = &w->statements.to;
	if (!TU_VEC_PUSH(&w->frames, frame))
		return tu_sbom__rewrite_nomem(w->r);
	begin_value(w, xml, top(w));
	return TU_OK;
}

static enum tu_status skip(struct rewriting *w)
{
	w->skipping++;
	return TU_OK;
}

static enum tu_status skip_with_note(
	struct rewriting *w, const struct tu_xml *xml, const char *what, struct tu_str detail)
{
	w->skipping++;
	return note(w, xml, what, detail);
}

static enum tu_status open_child(
	struct rewriting *w, const struct tu_xml *xml, const struct child *child)
{
	struct frame *parent = top(w);

	if (child->shape->kind == SKIPPED)
		return skip(w);
	if (child->shape->kind == ASIDE)
		return skip_with_note(w, xml, "not read:", tu_str_c(child->element));
	if (parent->shape->kind == OBJECT && !is_in_place(parent, child))
		return skip_with_note(w, xml,
			"left out: an element that may come only once:", tu_str_c(child->element));
	lead_in(parent, child);
	return push(w, xml, child->shape, parent->to);
}

static const char *unknown_words(const struct shape *shape)
{
	static const struct {
		const struct shape *shape;
		const char *words;
	} known[] = {
		{&bom, "not understood: element of the document:"},
		{&metadata, "not understood: element of the metadata:"},
		{&component, "not understood: element of a component:"},
		{&vulnerability, "not understood: element of a vulnerability:"},
	};

	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (known[i].shape == shape)
			return known[i].words;
	}
	return "not understood: element";
}

static enum tu_status open_inner(
	struct rewriting *w, const struct tu_xml *xml, struct tu_xml_name name)
{
	const struct frame *parent = top(w);
	const struct child *child;

	if (parent->to == &w->r->to)
		tu_sbom__rewrite_line(w->r, tu_xml_line(xml));
	child = find_child(w, parent->shape, name);
	if (child)
		return open_child(w, xml, child);
	if (parent->shape->open || parent->shape->kind == EMPTY)
		return skip(w);
	return skip_with_note(w, xml, unknown_words(parent->shape), name.local);
}

/* ---- the root ---- */

/* The version is the end of the namespace. JSON begins with 1.2: what 1.0 and 1.1 have is in it. */
static enum tu_status write_version(struct rewriting *w, struct tu_xml *xml, struct tu_str space)
{
	static const struct {
		struct tu_str xml;
		struct tu_str json;
	} known[] = {
		{TU_STR_INIT("1.0"), TU_STR_INIT("1.2")},
		{TU_STR_INIT("1.1"), TU_STR_INIT("1.2")},
		{TU_STR_INIT("1.2"), TU_STR_INIT("1.2")},
		{TU_STR_INIT("1.3"), TU_STR_INIT("1.3")},
		{TU_STR_INIT("1.4"), TU_STR_INIT("1.4")},
		{TU_STR_INIT("1.5"), TU_STR_INIT("1.5")},
		{TU_STR_INIT("1.6"), TU_STR_INIT("1.6")},
		{TU_STR_INIT("1.7"), TU_STR_INIT("1.7")},
	};
	struct tu_str version = tu_str_from(space, sizeof(SPACE_CORE) - 1);

	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (!tu_str_eq(known[i].xml, version))
			continue;
		w->r->spec_version = known[i].xml;
		tu_json_member_str(&w->r->to, "specVersion", known[i].json);
		return TU_OK;
	}
	return tu_xml_fail(xml, TU_E_UNSUPPORTED,
		"CycloneDX XML, namespace \"%.*s\"; versions 1.0 to 1.7 are read",
		TU_STR_FMT(tu_str_first(space, 80)));
}

static enum tu_status open_root(struct rewriting *w, struct tu_xml *xml, struct tu_xml_name name)
{
	enum tu_status status;

	if (!tu_str_eq(name.local, TU_STR("bom")) || !tu_str_starts(name.space, TU_STR(SPACE_CORE)))
		return tu_xml_fail(xml, TU_E_SYNTAX, "expected the element bom of CycloneDX");
	if (!tu_arena_dup(w->r->scratch, name.space, &w->space))
		return tu_sbom__rewrite_nomem(w->r);
	status = push(w, xml, &bom, &w->r->to);
	if (status)
		return status;
	tu_json_member_str(&w->r->to, "bomFormat", TU_STR("CycloneDX"));
	return write_version(w, xml, w->space);
}

static enum tu_status on_open(void *context, struct tu_xml *xml, struct tu_xml_name name)
{
	struct rewriting *w = context;

	if (w->skipping)
		return skip(w);
	if (w->frames.count == 0)
		return open_root(w, xml, name);
	if (w->r->json.failed || w->statements.buf.failed)
		return tu_sbom__rewrite_check(
			w->r, w->r->json.failed ? &w->r->json : &w->statements.buf);
	return open_inner(w, xml, name);
}

static void end_value(const struct frame *frame, struct tu_str value)
{
	const struct shape *shape = frame->shape;

	if (shape->kind == TEXT)
		tu_json_add_str(frame->to, tu_str_trim(value));
	else if (shape->kind == OBJECT && shape->text)
		tu_json_member_str(frame->to, shape->text, tu_str_trim(value));
	if (shape->kind == OBJECT || shape->kind == EMPTY)
		tu_json_close_object(frame->to);
	else if (shape->kind == LIST && !shape->to_statements)
		tu_json_close_array(frame->to);
}

static enum tu_status end_document(struct rewriting *w)
{
	enum tu_status status = tu_sbom__part_member(w->r, "vulnerabilities", &w->statements);

	tu_json_close_object(&w->r->to);
	return status ? status : tu_sbom__rewrite_check(w->r, &w->refs);
}

static enum tu_status on_close(
	void *context, struct tu_xml *xml, struct tu_xml_name name, struct tu_str value)
{
	struct rewriting *w = context;
	struct frame *parent;

	(void)xml;
	(void)name;
	if (w->skipping) {
		w->skipping--;
		return TU_OK;
	}
	close_many(top(w));
	if (w->frames.count == 1)
		return end_document(w);
	end_value(top(w), value);
	if (top(w)->shape == &component)
		w->refs.len = top(w)->ref_at;
	w->frames.count--;
	parent = top(w);
	if (parent->wrapped)
		tu_json_close_object(parent->to);
	parent->wrapped = false;
	return TU_OK;
}

enum tu_status tu_sbom__rewrite_cyclonedx_xml(struct tu_sbom_rewrite *r, struct tu_str document)
{
	struct rewriting w = {.r = r, .space = {"", 0}};
	const struct tu_xml_handler handler = {on_open, on_close, &w};
	const struct tu_xml_limits limits = {.bytes = r->limits->bytes, .depth = r->limits->depth};
	enum tu_status status;

	r->format = TU_SBOM_CYCLONEDX_XML;
	tu_sbom__part_init(r, &w.statements);
	tu_buf_init(&w.refs, r->json.ceiling);
	status = tu_xml_read(document, &limits, &handler, r->err);
	tu_buf_done(&w.refs);
	tu_buf_done(&w.statements.buf);
	TU_VEC_DONE(&w.frames);
	return status ? status : tu_sbom__rewrite_check(r, &r->json);
}
