#include "ident/keys.h"

#include "ident/lenient.h"
#include "ident/package.h"

void tu_key_package(const struct tu_purl *purl, struct tu_buf *out)
{
	struct tu_purl bare = *purl;
	size_t start = out->len;

	bare.version = TU_STR("");
	bare.subpath = TU_STR("");
	bare.qualifier_count = 0;
	tu_purl_write(&bare, out);
	if (!tu_package_folds(purl->type))
		return;
	if (!out->failed)
		tu_package_fold(purl->type, out->ptr + start, out->ptr + start, out->len - start);
}

void tu_key_purl(const struct tu_purl *purl, struct tu_buf *out)
{
	tu_buf_byte(out, 'p');
	tu_key_package(purl, out);
}

bool tu_key_purl_text(struct tu_arena *arena, struct tu_str text, struct tu_buf *out)
{
	struct tu_error fault = {0};
	struct tu_purl purl;
	enum tu_status status;

	if (text.len == 0)
		return false;
	tu_arena_reset(arena);
	status = tu_purl_read(arena, text, &purl, &fault);
	if (!status && !tu_package_settle(arena, &purl))
		status = TU_E_NOMEM;
	if (status == TU_E_NOMEM)
		out->failed = true;
	if (status)
		return false;
	tu_key_purl(&purl, out);
	return true;
}

static void add_attributes(const struct tu_cpe *cpe, int from, struct tu_buf *out)
{
	tu_buf_byte(out, 'c');
	for (int i = from; i <= TU_CPE_PRODUCT; i++) {
		tu_buf_byte(out, ':');
		tu_buf_str_add(out, cpe->attr[i]);
	}
}

bool tu_key_cpe(const struct tu_cpe *cpe, struct tu_buf *out)
{
	for (int i = TU_CPE_PART; i <= TU_CPE_PRODUCT; i++) {
		struct tu_str value = cpe->attr[i];

		if (tu_str_find(value, '*') < value.len || tu_str_find(value, '?') < value.len)
			return false;
	}
	add_attributes(cpe, TU_CPE_PART, out);
	return true;
}

void tu_key_cpe_product(const struct tu_cpe *cpe, struct tu_buf *out)
{
	add_attributes(cpe, TU_CPE_VENDOR, out);
}

void tu_key_name(struct tu_str group, struct tu_str name, struct tu_buf *out)
{
	tu_buf_byte(out, 'n');
	tu_buf_str_add(out, group);
	tu_buf_byte(out, '\n');
	tu_buf_str_add(out, name);
}

static void add_lower(struct tu_buf *out, struct tu_str text, bool letters_only)
{
	for (size_t i = 0; i < text.len; i++)
		if (!letters_only || tu_char_is_alnum(text.ptr[i]))
			tu_buf_byte(out, tu_char_lower(text.ptr[i]));
}

void tu_key_hash(struct tu_str algorithm, struct tu_str value, struct tu_buf *out)
{
	tu_buf_byte(out, 'h');
	add_lower(out, algorithm, true);
	tu_buf_byte(out, ' ');
	add_lower(out, value, false);
}

void tu_key_ref(struct tu_str ref, struct tu_buf *out)
{
	tu_buf_byte(out, 'r');
	tu_buf_str_add(out, ref);
}
