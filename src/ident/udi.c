/* Device identifiers of the agencies that issue them. */
#include "ident/udi.h"

#include <stdbool.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits and capitals. */
static bool is_sign(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z');
}

static size_t run(struct tu_str text, bool (*fits)(char c))
{
	size_t len = 0;

	while (len < text.len && fits(text.ptr[len]))
		len++;
	return len;
}

static struct tu_udi broken(enum tu_udi_agency agency, const char *why)
{
	return (struct tu_udi){.agency = agency, .fault = TU_UDI_STRUCTURE, .why = why};
}

static struct tu_udi compared(enum tu_udi_agency agency, char found, char expected)
{
	return (struct tu_udi){.agency = agency,
		.fault = found == expected ? TU_UDI_SOUND : TU_UDI_CHARACTER,
		.found = found,
		.expected = expected};
}

/* ---- GS1 ---- */

static char gs1_digit(struct tu_str payload)
{
	unsigned sum = 0;

	for (size_t i = 0; i < payload.len; i++) {
		unsigned digit = (unsigned)(payload.ptr[payload.len - 1 - i] - '0');

		sum += i % 2 ? digit : 3 * digit;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

static struct tu_udi judge_gtin(struct tu_str gtin)
{
	struct tu_udi udi;

	if (gtin.len != 8 && gtin.len != 12 && gtin.len != 13 && gtin.len != 14)
		return broken(TU_UDI_GS1, "a GTIN has 14 digits (or 8, 12 or 13)");
	udi = compared(
		TU_UDI_GS1, gtin.ptr[gtin.len - 1], gs1_digit(tu_str_first(gtin, gtin.len - 1)));
	udi.di = gtin;
	return udi;
}

/* After application identifier 01, always 14 digits; production identifiers may follow. */
static struct tu_udi judge_ai(struct tu_str text)
{
	enum { GTIN = 14 };

	if (run(text, is_digit) < GTIN)
		return broken(TU_UDI_GS1, "14 digits follow (01)");
	return judge_gtin(tu_str_first(text, GTIN));
}

/* ---- HIBCC ---- */

static const struct tu_str values = TU_STR_INIT("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%");

/* False: a character has no value. */
static bool hibcc_character(struct tu_str payload, char *out_character)
{
	size_t sum = 0;

	for (size_t i = 0; i < payload.len; i++) {
		size_t value = tu_str_find(values, payload.ptr[i]);

		if (value == values.len)
			return false;
		sum += value;
	}
	*out_character = values.ptr[sum % values.len];
	return true;
}

/* LIC of a letter and three signs, product of 1 to 18 signs, unit of measure. */
static bool is_hibcc_di(struct tu_str di)
{
	enum { LIC = 4, PRODUCT_MAX = 18 };

	return di.len >= LIC + 2 && di.len <= LIC + PRODUCT_MAX + 1 && !is_digit(di.ptr[0]) &&
		run(di, is_sign) == di.len && is_digit(di.ptr[di.len - 1]);
}

/* `whole` begins with "+". In print an underscore stands for the space. */
static struct tu_udi judge_check(struct tu_str whole, struct tu_str di)
{
	char found = whole.ptr[whole.len - 1] == '_' ? ' ' : whole.ptr[whole.len - 1];
	struct tu_udi udi;
	char expected;

	if (!is_hibcc_di(di))
		return broken(TU_UDI_HIBCC,
			"a letter and three characters of the labeler, 1 to 18 of the product and "
			"the digit of the unit of measure follow \"+\", in capitals");
	if (!hibcc_character(tu_str_first(whole, whole.len - 1), &expected))
		return broken(TU_UDI_HIBCC,
			"only digits, capitals and \"-. $/+%\" have a place in a HIBC");
	udi = compared(TU_UDI_HIBCC, found, expected);
	udi.di = di;
	return udi;
}

static struct tu_udi judge_hibcc(struct tu_str whole)
{
	size_t slash = tu_str_find(whole, '/');
	struct tu_str di = tu_str_from(tu_str_first(whole, slash), 1);
	struct tu_udi with;

	/* Production identifiers follow: the check character is after these. A check character
	 * that is "/" itself is at the end. */
	if (slash + 1 < whole.len)
		return judge_check(whole, di);
	if (whole.len < 2)
		return broken(TU_UDI_HIBCC, "nothing follows \"+\"");
	with = judge_check(whole, tu_str_from(tu_str_first(whole, whole.len - 1), 1));
	/* A digit at the end may be the unit of measure, without a check character. */
	if (with.fault != TU_UDI_SOUND && slash == whole.len && is_hibcc_di(di))
		return (struct tu_udi){.agency = TU_UDI_HIBCC, .di = di};
	return with;
}

/* ---- ICCBBA ---- */

/* Facility (5), its product code (6), product description code (a letter, 4 digits). */
static bool is_iccbba_di(struct tu_str di)
{
	enum { FACILITY = 5, PRODUCT = 6, DESCRIPTION = 5, ALL = 16 };
	struct tu_str description = tu_str_from(tu_str_first(di, ALL), FACILITY + PRODUCT);

	return di.len >= ALL && run(tu_str_first(di, ALL), is_sign) == ALL &&
		!is_digit(description.ptr[0]) &&
		run(tu_str_from(description, 1), is_digit) == DESCRIPTION - 1;
}

/* Another data identifier, which begins with "=" or "&", may follow. */
static struct tu_udi judge_iccbba(struct tu_str text, size_t len, bool structured)
{
	struct tu_str di = tu_str_first(text, len);
	bool ends = text.len == len ||
		(text.len > len && (text.ptr[len] == '=' || text.ptr[len] == '&'));

	if (!ends || run(di, is_sign) != len)
		return broken(
			TU_UDI_ICCBBA, "16 digits and capitals follow \"=/\", 10 follow \"=)\"");
	if (structured && !is_iccbba_di(di))
		return broken(TU_UDI_ICCBBA,
			"a product description code of a letter and four digits ends the 16 "
			"characters after \"=/\"");
	return (struct tu_udi){.agency = TU_UDI_ICCBBA, .di = di};
}

/* ---- all ---- */

struct tu_udi tu_udi_judge(struct tu_str text)
{
	enum { ICCBBA_PRODUCT = 16, ICCBBA_CONTAINER = 10, AI_AND_GTIN = 16 };
	struct tu_str rest = tu_str_trim(text);

	if (tu_str_skip(&rest, TU_STR("(01)")))
		return judge_ai(rest);
	if (rest.len > 2 && tu_str_starts(rest, TU_STR("*")) && tu_str_ends(rest, TU_STR("*")))
		rest = tu_str_from(tu_str_first(rest, rest.len - 1), 1);
	if (tu_str_starts(rest, TU_STR("+")))
		return judge_hibcc(rest);
	if (tu_str_skip(&rest, TU_STR("=/")))
		return judge_iccbba(rest, ICCBBA_PRODUCT, true);
	if (tu_str_skip(&rest, TU_STR("=)")))
		return judge_iccbba(rest, ICCBBA_CONTAINER, false);
	if (rest.len && run(rest, is_digit) == rest.len) {
		if (rest.len == AI_AND_GTIN && tu_str_skip(&rest, TU_STR("01")))
			return judge_ai(rest);
		return judge_gtin(rest);
	}
	if (rest.len == ICCBBA_PRODUCT && is_iccbba_di(rest))
		return (struct tu_udi){.agency = TU_UDI_ICCBBA, .di = rest};
	if (is_hibcc_di(rest))
		return (struct tu_udi){.agency = TU_UDI_HIBCC, .di = rest};
	return (struct tu_udi){.agency = TU_UDI_UNKNOWN};
}

static struct tu_str without_zeros(struct tu_str gtin)
{
	while (gtin.len && gtin.ptr[0] == '0')
		gtin = tu_str_from(gtin, 1);
	return gtin;
}

bool tu_udi_same(struct tu_str a, struct tu_str b)
{
	struct tu_udi x = tu_udi_judge(a), y = tu_udi_judge(b);

	if (x.agency != y.agency || x.fault != TU_UDI_SOUND || y.fault != TU_UDI_SOUND)
		return false;
	if (x.agency == TU_UDI_UNKNOWN)
		return tu_str_eq(tu_str_trim(a), tu_str_trim(b));
	if (x.agency == TU_UDI_GS1)
		return tu_str_eq(without_zeros(x.di), without_zeros(y.di));
	return tu_str_eq(x.di, y.di);
}

struct tu_str tu_udi_software(struct tu_str text)
{
	struct tu_str ai = TU_STR_INIT("(8012)");
	struct tu_str rest = tu_str_from(text, tu_str_search(text, ai));

	if (!tu_str_skip(&rest, ai))
		return (struct tu_str){0};
	return tu_str_first(rest, tu_str_find(rest, '('));
}

const char *tu_udi_agency_name(enum tu_udi_agency agency)
{
	static const char *const names[] = {"unknown", "GS1", "HIBCC", "ICCBBA"};

	return agency <= TU_UDI_ICCBBA ? names[agency] : "unknown";
}
