#include "ident/lenient.h"

#include "base/hex.h"
#include "base/utf8.h"

/* A name as its values, whatever is wrong with its form. */
struct values {
	struct tu_str at[TU_CPE_ATTRS];
	size_t count;
	size_t extra; /* values beyond the last attribute */
	bool uri; /* 2.2: encoded, seven components */
};

/* "cpe:2.3:", "cpe:/", and their mixtures: "cpe:2.2:", "cpe://", "cpe:2.3:/", "cpe:". */
static bool take_prefix(struct tu_str *text, bool *out_uri)
{
	bool versioned = false;
	bool slash = false;

	if (!tu_str_istarts(*text, TU_STR("cpe")))
		return false;
	*text = tu_str_from(*text, 3);
	for (;;) {
		if (tu_str_skip(text, TU_STR("2.3")))
			versioned = true;
		else if (tu_str_skip(text, TU_STR("/")))
			slash = true;
		else if (!tu_str_skip(text, TU_STR("2.2")) && !tu_str_skip(text, TU_STR(":")) &&
			!tu_str_skip(text, TU_STR(" ")))
			break;
	}
	*out_uri = slash && !versioned;
	return true;
}

static size_t value_end(struct tu_str s)
{
	size_t i = 0;

	while (i < s.len && s.ptr[i] != ':')
		i += s.ptr[i] == '\\' ? 2 : 1;
	return i < s.len ? i : s.len;
}

static bool says_nothing(struct tu_str value)
{
	return value.len == 0 || tu_str_eq(value, TU_STR("*")) || tu_str_eq(value, TU_STR("-"));
}

static void cut_values(struct tu_str text, struct values *v)
{
	size_t most = v->uri ? TU_CPE_LANGUAGE + 1 : TU_CPE_ATTRS;

	for (bool more = true; more;) {
		size_t end = value_end(text);

		more = end < text.len;
		if (v->count < most)
			v->at[v->count++] = tu_identifier_trim(tu_str_first(text, end));
		else
			v->extra++;
		text = tu_str_from(text, end + 1);
	}
}

/* What a person would read: without backslashes, or without "%XX". */
static void put_plain(struct tu_str raw, bool uri, struct tu_buf *out)
{
	for (size_t i = 0; i < raw.len; i++) {
		int value = uri && raw.ptr[i] == '%' ? tu_percent_value(tu_str_from(raw, i)) : -1;

		if (!uri && raw.ptr[i] == '\\' && i + 1 < raw.len)
			i++;
		tu_buf_byte(out, value > 0 ? (char)value : raw.ptr[i]);
		i += value > 0 ? 2 : 0;
	}
}

static bool put_attribute(
	struct tu_arena *arena, struct tu_str raw, bool uri, struct tu_str *out_attr)
{
	struct tu_buf plain;
	struct tu_buf attr;
	bool ok;

	*out_attr = TU_STR("*");
	if (says_nothing(raw)) {
		if (tu_str_eq(raw, TU_STR("-")))
			*out_attr = TU_STR("-");
		return true;
	}
	tu_buf_init(&plain, TU_CPE_MAX);
	tu_buf_init(&attr, TU_CPE_MAX * 2);
	put_plain(raw, uri, &plain);
	tu_cpe_attr_from_plain(tu_buf_str(&plain), &attr);
	ok = !plain.failed && !attr.failed && tu_arena_dup(arena, tu_buf_str(&attr), out_attr);
	tu_buf_done(&plain);
	tu_buf_done(&attr);
	return ok;
}

/* A URI packs five attributes into its edition; here they are not needed to know the product. */
static bool is_packed(const struct values *v, size_t i)
{
	return v->uri && i == TU_CPE_EDITION && tu_str_starts(v->at[i], TU_STR("~"));
}

/* One colon too many may be in any value: what follows the first that is doubtful is left open. */
static size_t clear_values(const struct values *v)
{
	if (v->extra == 0 || v->uri)
		return v->count;
	return says_nothing(v->at[TU_CPE_UPDATE]) ? TU_CPE_UPDATE : TU_CPE_VERSION;
}

static enum tu_status salvage(
	struct tu_arena *arena, struct tu_str text, struct tu_cpe *out, struct tu_error *fault)
{
	struct values v = {0};
	struct tu_cpe cpe;

	if (text.len > TU_CPE_MAX || tu_utf8_invalid_at(text) < text.len ||
		tu_str_find(text, '\0') < text.len || !take_prefix(&text, &v.uri))
		return fault->status;
	cut_values(text, &v);
	if (v.count <= TU_CPE_PRODUCT || says_nothing(v.at[TU_CPE_PRODUCT]))
		return fault->status;
	for (size_t i = 0; i < TU_CPE_ATTRS; i++) {
		bool clear = i < clear_values(&v) && !is_packed(&v, i);

		if (!put_attribute(arena, clear ? v.at[i] : TU_STR(""), v.uri, &cpe.attr[i]))
			return tu_no_memory(fault);
	}
	if (cpe.attr[TU_CPE_PART].len != 1 || !strchr("aoh*-", cpe.attr[TU_CPE_PART].ptr[0]))
		cpe.attr[TU_CPE_PART] = TU_STR("*");
	*out = cpe;
	return TU_OK;
}

enum tu_status tu_cpe_read(
	struct tu_arena *arena, struct tu_str text, struct tu_cpe *out_cpe, struct tu_error *fault)
{
	enum tu_status status;

	text = tu_identifier_trim(text);
	status = tu_cpe_parse(arena, text, out_cpe, fault);
	if (status == TU_OK)
		fault->status = TU_OK;
	return status == TU_OK || status == TU_E_NOMEM ? status
						       : salvage(arena, text, out_cpe, fault);
}
