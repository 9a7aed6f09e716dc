#include "ident/java.h"

#include <tutela/buf.h>

struct java_version {
	struct tu_str base; /* after "1.": "8.0", "4.2" or "8" */
	struct tu_str update; /* digits, or empty */
};

bool tu_java_is(const struct tu_cpe *cpe)
{
	static const struct tu_str products[] = {
		TU_STR_INIT("jdk"), TU_STR_INIT("jre"), TU_STR_INIT("openjdk")};

	for (size_t i = 0; i < TU_COUNT(products); i++) {
		if (tu_str_eq(products[i], cpe->attr[TU_CPE_PRODUCT]))
			return true;
	}
	return false;
}

/* ---- reading ---- */

static struct tu_str without_zeros(struct tu_str digits)
{
	while (digits.len > 1 && digits.ptr[0] == '0')
		digits = tu_str_from(digits, 1);
	return digits;
}

/* The builds of an update say nothing of it: "-b12", "+12". */
static bool is_build(struct tu_str rest)
{
	return rest.len == 0 || tu_str_istarts(rest, TU_STR("-b")) ||
		tu_str_istarts(rest, TU_STR("b")) || tu_str_starts(rest, TU_STR("+"));
}

/* "update191", "update_191", "u191", "_191", "191": the digits; empty: none of them. */
static struct tu_str read_update(struct tu_str text)
{
	static const struct tu_str words[] = {TU_STR_INIT("update"), TU_STR_INIT("u")};
	struct tu_str digits;

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		if (tu_str_istarts(text, words[i])) {
			text = tu_str_from(text, words[i].len);
			break;
		}
	}
	(void)(tu_str_skip(&text, TU_STR("_")) || tu_str_skip(&text, TU_STR("-")));
	digits = tu_str_digits(&text);
	return is_build(text) ? without_zeros(digits) : (struct tu_str){"", 0};
}

/* On Windows the update is the third number with a zero after it, and a build follows. */
static struct tu_str windows_update(struct tu_str third, bool build)
{
	enum { LONGEST_UPDATE = 3 };
	bool tenfold = third.len > 1 && third.ptr[third.len - 1] == '0' &&
		(build || third.len > LONGEST_UPDATE);

	return tenfold ? tu_str_first(third, third.len - 1) : third;
}

/* What follows "8": "u191", ".0", ".0.191", ".0.1910.12". */
static bool read_new(struct tu_str rest, struct java_version *out)
{
	struct tu_str third;

	if (rest.len == 0)
		return true;
	if (!tu_str_starts(rest, TU_STR("."))) {
		out->update = read_update(rest);
		return out->update.len > 0;
	}
	if (!tu_str_skip(&rest, TU_STR(".0")) || (rest.len && !tu_str_skip(&rest, TU_STR("."))))
		return false;
	third = tu_str_digits(&rest);
	out->update = without_zeros(windows_update(third, tu_str_starts(rest, TU_STR("."))));
	if (tu_str_skip(&rest, TU_STR(".")) && tu_str_digits(&rest).len == 0)
		return false;
	if (tu_str_eq(out->update, TU_STR("0")))
		out->update = (struct tu_str){"", 0};
	return is_build(rest);
}

/* What follows "1.8": ".0", ".0_191", ".0.191". */
static bool read_old(struct tu_str rest, struct java_version *out)
{
	if (tu_str_skip(&rest, TU_STR("."))) {
		struct tu_str digits = tu_str_digits(&rest);

		if (digits.len == 0)
			return false;
		out->base.len = (size_t)(digits.ptr + digits.len - out->base.ptr);
	}
	if (rest.len == 0)
		return true;
	(void)tu_str_skip(&rest, TU_STR("."));
	out->update = read_update(rest);
	return out->update.len > 0;
}

/* False, and nothing is read: not of Java up to 8, or of a form that is not known. */
static bool read_version(struct tu_str text, struct java_version *out)
{
	struct tu_str rest = text;
	bool old = tu_str_skip(&rest, TU_STR("1."));
	struct tu_str feature = tu_str_digits(&rest);
	struct java_version read = {.base = feature, .update = {"", 0}};
	bool known = feature.len == 1 && feature.ptr[0] >= '2' && feature.ptr[0] <= '8' &&
		(old ? read_old(rest, &read) : read_new(rest, &read));

	*out = known ? read : (struct java_version){{"", 0}, {"", 0}};
	return known;
}

/* ---- writing ---- */

static void put_base(const struct java_version *version, struct tu_buf *out)
{
	tu_buf_printf(
		out, version->base.len == 1 ? "1.%.*s.0" : "1.%.*s", TU_STR_FMT(version->base));
}

static bool put_attr(struct tu_arena *arena, const struct tu_buf *text, struct tu_str *attr)
{
	return !text->failed && (!text->len || tu_arena_dup(arena, tu_buf_str(text), attr));
}

static bool is_open(struct tu_str attr)
{
	return tu_str_eq(attr, TU_STR("*"));
}

/* The component's own version may say more than its CPE name. */
static void take_component(struct tu_str version, bool open, struct java_version *java)
{
	struct java_version own;

	if (read_version(version, &own) &&
		(open || tu_str_eq(own.base, java->base) ||
			(own.base.len == 1 && tu_str_eq(own.base, tu_str_first(java->base, 1))) ||
			(java->base.len == 1 && tu_str_eq(java->base, tu_str_first(own.base, 1)))))
		*java = own;
}

bool tu_java_settle(struct tu_arena *arena, struct tu_str component, struct tu_cpe *cpe)
{
	struct tu_str *version = &cpe->attr[TU_CPE_VERSION];
	struct tu_str *update = &cpe->attr[TU_CPE_UPDATE];
	struct java_version java = {{"", 0}, {"", 0}};
	struct tu_buf text;
	struct tu_str plain;
	bool ok;

	if (!tu_java_is(cpe))
		return true;
	tu_buf_init(&text, TU_CPE_MAX);
	tu_cpe_attr_plain(*version, &text);
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), &plain);
	if (ok && (read_version(plain, &java) || is_open(*version))) {
		if (java.update.len == 0)
			java.update = read_update(*update);
		if (java.update.len == 0 && is_open(*update))
			take_component(component, is_open(*version), &java);
	}
	if (ok && java.base.len) {
		tu_buf_clear(&text);
		put_base(&java, &text);
		ok = put_attr(arena, &text, version);
		tu_buf_clear(&text);
		if (java.update.len)
			tu_buf_printf(&text, "update%.*s", TU_STR_FMT(java.update));
		ok = ok && put_attr(arena, &text, update);
	}
	tu_buf_done(&text);
	return ok;
}

bool tu_java_text(struct tu_arena *arena, struct tu_str version, struct tu_str *out)
{
	struct java_version java;
	struct tu_buf text;
	bool ok;

	*out = version;
	if (!read_version(version, &java))
		return true;
	tu_buf_init(&text, TU_CPE_MAX);
	put_base(&java, &text);
	if (java.update.len)
		tu_buf_printf(&text, "-update%.*s", TU_STR_FMT(java.update));
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return ok;
}
