#include "kb/aliases.h"

#include <tutela/cpe.h>
#include <tutela/purl.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/vec.h"
#include "ident/keys.h"
#include "ident/package.h"

struct reading {
	const struct tu_kb_name_sink *sink;
	struct tu_str name;
	size_t line;
	struct tu_kb_aliases_summary *summary;
	struct tu_arena *arena; /* for one page of purl2cpe */
	struct tu_json_parser *parser;
	struct tu_str folder; /* of the page that `products` are from */
	TU_VEC(struct tu_cpe) products;
	struct tu_error *err;
};

static void problem(struct reading *r, const char *what)
{
	if (r->summary->problems++ == 0)
		(void)tu_fail(&r->summary->first, TU_E_SYNTAX, 0, "%.*s, line %zu: %s",
			TU_STR_FMT(r->name), r->line, what);
}

static enum tu_status add(struct reading *r, struct tu_str name, struct tu_str vendor,
	struct tu_str product, enum tu_scheme scheme)
{
	const struct tu_kb_name row = {name, vendor, product, scheme};

	r->summary->rows++;
	return r->sink->name(r->sink->context, &row, r->err);
}

/* ---- our table ---- */

static enum tu_status read_row(struct reading *r, struct tu_str line)
{
	struct tu_str field[4] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
	struct tu_str rest = line;
	enum tu_scheme scheme;
	size_t count = 0;

	while (count < TU_COUNT(field) && tu_str_split(&rest, '\t', &field[count]))
		count++;
	if (count < 3 || rest.ptr || !field[0].len || !field[1].len || !field[2].len) {
		problem(r, "expected name, CPE vendor, CPE product and scheme between tabs");
		return TU_OK;
	}
	if (field[3].len == 0)
		field[3] = TU_STR("generic");
	if (!tu_scheme_by_name(field[3], &scheme)) {
		problem(r, "unknown version scheme");
		return TU_OK;
	}
	return add(r, field[0], field[1], field[2], scheme);
}

static enum tu_status read_table(struct reading *r, struct tu_str text)
{
	struct tu_str rest = text;
	struct tu_str line;
	enum tu_status status = TU_OK;

	while (!status && tu_str_split(&rest, '\n', &line)) {
		r->line++;
		if (tu_str_ends(line, TU_STR("\r")))
			line.len--;
		if (line.len && line.ptr[0] != '#')
			status = read_row(r, line);
	}
	return status;
}

/* ---- purl2cpe ---- */

static bool same_product(const struct tu_cpe *a, const struct tu_cpe *b)
{
	return tu_str_eq(a->attr[TU_CPE_VENDOR], b->attr[TU_CPE_VENDOR]) &&
		tu_str_eq(a->attr[TU_CPE_PRODUCT], b->attr[TU_CPE_PRODUCT]);
}

static bool have_product(const struct reading *r, const struct tu_cpe *cpe)
{
	for (size_t i = r->products.count; i > 0; i--) {
		if (same_product(&r->products.at[i - 1], cpe))
			return true;
	}
	return false;
}

static enum tu_status gather_products(struct reading *r, struct tu_json cpes)
{
	struct tu_json_iter iter = tu_json_iter(cpes);
	struct tu_json value;

	while (tu_json_next_item(&iter, &value)) {
		struct tu_cpe cpe;
		enum tu_status status = tu_cpe_parse(r->arena, tu_json_str(value), &cpe, NULL);

		if (status == TU_E_NOMEM)
			return tu_no_memory(r->err);
		if (status) {
			problem(r, "a CPE name that is not well-formed");
			continue;
		}
		if (!have_product(r, &cpe) && !TU_VEC_PUSH(&r->products, cpe))
			return tu_no_memory(r->err);
	}
	return TU_OK;
}

/* The package stands for every product of its folder. */
static enum tu_status link_purl(struct reading *r, struct tu_purl *purl, struct tu_buf *key)
{
	enum tu_status status = TU_OK;

	if (!tu_package_settle(r->arena, purl))
		return TU_E_NOMEM;
	tu_buf_clear(key);
	tu_key_package(purl, key);
	if (key->failed)
		return TU_E_NOMEM;
	for (size_t i = 0; !status && i < r->products.count; i++)
		status = add(r, tu_buf_str(key), r->products.at[i].attr[TU_CPE_VENDOR],
			r->products.at[i].attr[TU_CPE_PRODUCT], tu_purl_scheme(purl->type));
	return status;
}

static enum tu_status link_purls(struct reading *r, struct tu_json purls)
{
	struct tu_json_iter iter = tu_json_iter(purls);
	struct tu_json value;
	struct tu_buf text;
	enum tu_status status = TU_OK;

	tu_buf_init(&text, TU_PURL_MAX * 3);
	while (tu_json_next_item(&iter, &value)) {
		struct tu_purl purl;

		status = tu_purl_parse(r->arena, tu_json_str(value), &purl, NULL);
		if (status == TU_OK)
			status = link_purl(r, &purl, &text);
		if (status == TU_E_NOMEM)
			break;
		if (status)
			problem(r, "a purl that is not well-formed");
	}
	tu_buf_done(&text);
	return status == TU_E_NOMEM ? tu_no_memory(r->err) : TU_OK;
}

static struct tu_str folder_of(struct tu_str path)
{
	return tu_str_first(path, tu_str_rfind(path, '/'));
}

static enum tu_status read_page(struct reading *r, struct tu_str line)
{
	struct tu_error inner;
	char text[TU_ERROR_TEXT_MAX];
	struct tu_json root;
	struct tu_str folder;
	enum tu_status status = tu_json_parse(r->parser, line, NULL, &root, &inner);

	if (status == TU_E_NOMEM)
		return tu_no_memory(r->err);
	if (status) {
		problem(r, tu_error_text(&inner, text, sizeof(text)));
		return TU_OK;
	}
	folder = folder_of(TU_JSON_STR(root, "path"));
	if (!tu_str_eq(folder, r->folder)) {
		tu_arena_reset(r->arena);
		r->products.count = 0;
		if (!tu_arena_dup(r->arena, folder, &r->folder))
			return tu_no_memory(r->err);
	}
	if (tu_json_is_array(tu_json_get(root, TU_STR("cpes"))))
		return gather_products(r, tu_json_get(root, TU_STR("cpes")));
	return link_purls(r, tu_json_get(root, TU_STR("purls")));
}

static enum tu_status read_pages(struct reading *r, struct tu_str text)
{
	struct tu_str rest = text;
	struct tu_str line;
	enum tu_status status = TU_OK;

	r->arena = tu_arena_new(0);
	r->parser = tu_json_parser_new();
	if (!r->arena || !r->parser)
		status = tu_no_memory(r->err);
	while (!status && tu_str_split(&rest, '\n', &line)) {
		r->line++;
		if (tu_str_trim(line).len)
			status = read_page(r, line);
	}
	TU_VEC_DONE(&r->products);
	tu_json_parser_free(r->parser);
	tu_arena_free(r->arena);
	return status;
}

/* ---- both ---- */

static struct tu_str first_line(struct tu_str text)
{
	return tu_str_first(text, tu_str_find(text, '\n'));
}

static bool is_pages(struct tu_str text)
{
	struct tu_str line = first_line(text);

	return tu_str_starts(line, TU_STR("{\"path\":")) &&
		(tu_str_search(line, TU_STR("\"cpes\":")) < line.len ||
			tu_str_search(line, TU_STR("\"purls\":")) < line.len);
}

/* Bytes of compressed data may look like fields. */
static bool is_printable(struct tu_str line)
{
	for (size_t i = 0; i < line.len; i++) {
		if ((unsigned char)line.ptr[i] < ' ' && line.ptr[i] != '\t' && line.ptr[i] != '\r')
			return false;
	}
	return true;
}

static bool is_table(struct tu_str text)
{
	struct tu_str rest = text;
	struct tu_str line;

	while (tu_str_split(&rest, '\n', &line)) {
		struct tu_str fields = line;
		struct tu_str ignored;
		size_t count = 0;

		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		while (tu_str_split(&fields, '\t', &ignored))
			count++;
		return (count == 3 || count == 4) && line.ptr[0] != '{' && is_printable(line);
	}
	return false;
}

bool tu_kb_is_aliases(struct tu_str text)
{
	return is_pages(text) || is_table(text);
}

enum tu_status tu_kb_aliases_each(const struct tu_kb_name_sink *sink, struct tu_str name,
	struct tu_str text, struct tu_kb_aliases_summary *summary, struct tu_error *err)
{
	struct reading r = {.sink = sink, .name = name, .summary = summary, .err = err};

	return is_pages(text) ? read_pages(&r, text) : read_table(&r, text);
}

static enum tu_status add_alias(void *context, const struct tu_kb_name *row, struct tu_error *err)
{
	return tu_kb_builder_alias(context, row->name, row->vendor, row->product, row->scheme, err);
}

enum tu_status tu_kb_aliases_read(struct tu_kb_builder *builder, struct tu_str name,
	struct tu_str text, struct tu_kb_aliases_summary *summary, struct tu_error *err)
{
	const struct tu_kb_name_sink sink = {add_alias, builder};

	return tu_kb_aliases_each(&sink, name, text, summary, err);
}
