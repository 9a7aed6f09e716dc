/* CycloneDX XML: the walk over the document, by the tables of cyclonedx_xml.c. */
#include "sbom/read/cyclonedx_xml.h"

#include "sbom/read/rewrite.h"

#include "base/alloc.h"
#include "base/xml.h"

static const struct tu_cdx_shapes *const shapes = &tu_sbom__cdx_shapes;

struct frame {
	const struct tu_cdx_shape *shape;
	struct tu_json_writer *to;
	uint64_t seen; /* children that came, by their place in the table */
	const struct tu_cdx_child *many; /* whose array is open */
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

static const struct tu_cdx_child *child_of(const struct tu_cdx_shape *shape, struct tu_str local)
{
	for (size_t i = 0; i < shape->count; i++) {
		if (is_named(shape->children[i].element, local))
			return &shape->children[i];
	}
	return NULL;
}

static const struct tu_cdx_child *find_child(
	const struct rewriting *w, const struct tu_cdx_shape *shape, struct tu_xml_name name)
{
	bool extension = tu_str_starts(name.space, TU_STR(TU_CDX_SPACE_VULNERABILITY)) ||
		tu_str_starts(name.space, TU_STR(TU_CDX_SPACE_DEPENDENCY));
	const struct tu_cdx_child *child = NULL;

	if (extension && (shape == shapes->bom || shape == shapes->component))
		return tu_sbom__cdx_extension(name.space, name.local);
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
static uint64_t bit_of(const struct tu_cdx_shape *shape, const struct tu_cdx_child *child)
{
	for (size_t i = 0; i < shape->count; i++) {
		const char *member = shape->children[i].member;

		if (member && child->member && strcmp(member, child->member) == 0)
			return (uint64_t)1 << i;
	}
	return (uint64_t)1 << 63;
}

/* Is this the first child of its kind, or one of an array that is still open? */
static bool is_in_place(struct frame *frame, const struct tu_cdx_child *child)
{
	uint64_t bit = bit_of(frame->shape, child);

	if (frame->many == child || child->shape->to_statements)
		return true;
	if (frame->seen & bit)
		return false;
	frame->seen |= bit;
	return true;
}

/* What comes before the value of a child: key, bracket, or an object around it. */
static void lead_in(struct frame *parent, const struct tu_cdx_child *child)
{
	if (parent->many == child)
		return;
	close_many(parent);
	if (!child->member)
		return;
	if (parent->shape->kind == TU_CDX_LIST) {
		tu_json_open_object(parent->to);
		parent->wrapped = true;
	}
	tu_json_key(parent->to, child->member);
	if (child->many) {
		tu_json_open_array(parent->to);
		parent->many = child;
	}
}

/* A number as JSON has them, without exponent; true; false. */
static bool is_literal(struct tu_str text)
{
	size_t dot = tu_str_find(text, '.');
	bool digits = text.len > 0 && dot > 0 && dot + 1 != text.len;

	if (tu_str_eq(text, TU_STR("true")) || tu_str_eq(text, TU_STR("false")))
		return true;
	for (size_t i = 0; i < text.len; i++)
		digits = digits && (i == dot || tu_char_is_digit(text.ptr[i]));
	return digits && (text.ptr[0] != '0' || text.len == 1 || dot == 1);
}

static void write_attributes(
	const struct tu_xml *xml, const struct tu_cdx_shape *shape, struct tu_json_writer *to)
{
	const struct tu_cdx_attribute *a = shape->attributes;

	for (; a && a->attribute; a++) {
		struct tu_str value = tu_str_trim(tu_xml_attr(xml, "", a->attribute));

		if (!tu_xml_attr(xml, "", a->attribute).ptr)
			continue;
		tu_json_key(to, a->member);
		if (a->literal && is_literal(value))
			tu_json_add_raw(to, value);
		else
			tu_json_add_str(to, value);
	}
}

/* The component that the present element is in, or NULL. */
static struct frame *component_around(struct rewriting *w)
{
	for (size_t i = w->frames.count; i-- > 0;) {
		if (w->frames.at[i].shape == shapes->component)
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

/* The extension's vulnerability is about the component that it is in; the reference that it
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
	case TU_CDX_REF:
		tu_json_add_str(to, tu_str_trim(tu_xml_attr(xml, "", "ref")));
		break;
	case TU_CDX_OBJECT:
		tu_json_open_object(to);
		write_attributes(xml, frame->shape, to);
		frame->ref_at = w->refs.len;
		if (frame->shape == shapes->component)
			tu_buf_str_add(&w->refs, tu_str_trim(tu_xml_attr(xml, "", "bom-ref")));
		if (frame->shape == shapes->ext_vulnerability)
			write_about(w, xml, to);
		break;
	case TU_CDX_EMPTY:
		tu_json_open_object(to);
		break;
	case TU_CDX_LIST:
		if (!frame->shape->to_statements)
			tu_json_open_array(to);
		break;
	case TU_CDX_SKIPPED:
	case TU_CDX_ASIDE:
	case TU_CDX_TEXT:
	case TU_CDX_NUMBER:
	default:
		break;
	}
}

static enum tu_status push(struct rewriting *w, const struct tu_xml *xml,
	const struct tu_cdx_shape *shape, struct tu_json_writer *to)
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
	struct rewriting *w, const struct tu_xml *xml, const struct tu_cdx_child *child)
{
	struct frame *parent = top(w);

	if (child->shape->kind == TU_CDX_SKIPPED)
		return skip(w);
	if (child->shape->kind == TU_CDX_ASIDE)
		return skip_with_note(w, xml, "not read:", tu_str_c(child->element));
	if (parent->shape->kind == TU_CDX_OBJECT && !is_in_place(parent, child))
		return skip_with_note(w, xml,
			"left out: an element that may come only once:", tu_str_c(child->element));
	lead_in(parent, child);
	return push(w, xml, child->shape, parent->to);
}

static const char *unknown_words(const struct tu_cdx_shape *shape)
{
	if (shape == shapes->bom)
		return "not understood: element of the document:";
	if (shape == shapes->metadata)
		return "not understood: element of the metadata:";
	if (shape == shapes->component)
		return "not understood: element of a component:";
	if (shape == shapes->vulnerability)
		return "not understood: element of a vulnerability:";
	return "not understood: element";
}

static enum tu_status open_inner(
	struct rewriting *w, const struct tu_xml *xml, struct tu_xml_name name)
{
	const struct frame *parent = top(w);
	const struct tu_cdx_child *child;

	if (parent->to == &w->r->to)
		tu_sbom__rewrite_line(w->r, tu_xml_line(xml));
	child = find_child(w, parent->shape, name);
	if (child)
		return open_child(w, xml, child);
	if (parent->shape->open || parent->shape->kind == TU_CDX_EMPTY)
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
	struct tu_str version = tu_str_from(space, sizeof(TU_CDX_SPACE_CORE) - 1);

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

	if (!tu_str_eq(name.local, TU_STR("bom")) ||
		!tu_str_starts(name.space, TU_STR(TU_CDX_SPACE_CORE)))
		return tu_xml_fail(xml, TU_E_SYNTAX, "expected the element bom of CycloneDX");
	if (!tu_arena_dup(w->r->scratch, name.space, &w->space))
		return tu_sbom__rewrite_nomem(w->r);
	status = push(w, xml, shapes->bom, &w->r->to);
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
	const struct tu_cdx_shape *shape = frame->shape;

	if (shape->kind == TU_CDX_NUMBER && is_literal(tu_str_trim(value)))
		tu_json_add_raw(frame->to, tu_str_trim(value));
	else if (shape->kind == TU_CDX_TEXT || shape->kind == TU_CDX_NUMBER)
		tu_json_add_str(frame->to, tu_str_trim(value));
	else if (shape->kind == TU_CDX_OBJECT && shape->text)
		tu_json_member_str(frame->to, shape->text, tu_str_trim(value));
	if (shape->kind == TU_CDX_OBJECT || shape->kind == TU_CDX_EMPTY)
		tu_json_close_object(frame->to);
	else if (shape->kind == TU_CDX_LIST && !shape->to_statements)
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
	if (top(w)->shape == shapes->component)
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
