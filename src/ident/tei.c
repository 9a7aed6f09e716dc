#include "ident/tei.h"

#include <string.h>

#include "ident/udi.h"

static const char *const names[TU_TEI_TYPES] = {
	"uuid", "udi", "gtin", "eanupc", "purl", "hash", "swid", "asin"};

const char *tu_tei_type_name(enum tu_tei_type type)
{
	return names[type];
}

/* ---- UUID ---- */

/* Where a dash is. */
static bool is_dash(size_t i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

static char hex_digit(char c)
{
	char lower = tu_char_lower(c);

	return tu_char_is_digit(c) || (lower >= 'a' && lower <= 'f') ? lower : '\0';
}

bool tu_uuid_read(struct tu_str text, char out_id[TU_UUID_DIGITS + 1])
{
	size_t len = 0;

	for (size_t i = 0; text.len == TU_UUID_TEXT && i < text.len; i++) {
		char digit = hex_digit(text.ptr[i]);

		if (is_dash(i) ? text.ptr[i] != '-' : digit == '\0')
			break;
		if (!is_dash(i))
			out_id[len++] = digit;
	}
	if (len != TU_UUID_DIGITS)
		len = 0;
	out_id[len] = '\0';
	return len != 0;
}

void tu_uuid_write(struct tu_str id, struct tu_buf *out)
{
	static const size_t parts[] = {8, 4, 4, 4, 12};

	if (id.len != TU_UUID_DIGITS) {
		tu_buf_str_add(out, id);
		return;
	}
	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		tu_buf_c(out, i ? "-" : "");
		tu_buf_str_add(out, tu_str_first(id, parts[i]));
		id = tu_str_from(id, parts[i]);
	}
}

/* ---- reading ---- */

static bool is_label(struct tu_str label)
{
	enum { LABEL_MAX = 63 };

	if (!label.len || label.len > LABEL_MAX || label.ptr[0] == '-' ||
		label.ptr[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!tu_char_is_alnum(label.ptr[i]) && label.ptr[i] != '-')
			return false;
	return true;
}

bool tu_tei_is_domain(struct tu_str domain)
{
	enum { DOMAIN_MAX = 253 };
	struct tu_str rest = domain, label;
	bool fine =
		domain.len != 0 && domain.len <= DOMAIN_MAX && domain.ptr[domain.len - 1] != '.';

	while (fine && tu_str_split(&rest, '.', &label))
		fine = is_label(label);
	return fine;
}

struct tu_str tu_tei_domain_of(struct tu_str url)
{
	struct tu_str host = tu_str_from(url, tu_str_search(url, TU_STR("://")));

	if (!tu_str_skip(&host, TU_STR("://")))
		return (struct tu_str){0};
	host = tu_str_first(host, tu_str_find(host, '/'));
	host = tu_str_first(host, tu_str_find(host, ':'));
	return tu_tei_is_domain(host) ? host : (struct tu_str){0};
}

static enum tu_status wrong(struct tu_error *err, const char *why)
{
	return tu_fail(err, TU_E_USAGE, 0, "%s", why);
}

static enum tu_status check_udi(struct tu_str id, struct tu_error *err)
{
	struct tu_udi udi = tu_udi_judge(id);

	if (udi.fault == TU_UDI_CHARACTER)
		return tu_fail(err, TU_E_USAGE, 0,
			"the check character of the identifier is %c, and should be %c", udi.found,
			udi.expected);
	if (udi.fault == TU_UDI_STRUCTURE)
		return wrong(err, udi.why);
	return TU_OK;
}

static enum tu_status check_digits(const struct tu_tei *tei, struct tu_error *err)
{
	struct tu_str rest = tei->id, digits = tu_str_digits(&rest);

	if (rest.len || !digits.len)
		return wrong(err, "a GTIN is digits alone");
	if (tei->type == TU_TEI_EANUPC && digits.len == 14)
		return wrong(err, "an EAN or UPC has 8, 12 or 13 digits");
	return check_udi(tei->id, err);
}

static enum tu_status check_id(struct tu_tei *tei, struct tu_error *err)
{
	if (tei->type == TU_TEI_UDI)
		return check_udi(tei->id, err);
	if (tei->type == TU_TEI_GTIN || tei->type == TU_TEI_EANUPC)
		return check_digits(tei, err);
	if (tei->type == TU_TEI_UUID && !tu_uuid_read(tei->id, tei->uuid))
		return wrong(err, "a UUID is 32 hexadecimal digits with dashes");
	return TU_OK;
}

static bool find_type(struct tu_str name, enum tu_tei_type *out_type)
{
	for (int i = 0; i < TU_TEI_TYPES; i++) {
		if (tu_str_eq(name, tu_str_c(names[i]))) {
			*out_type = (enum tu_tei_type)i;
			return true;
		}
	}
	return false;
}

/* A URN (RFC 8141) has neither spaces nor control characters. */
static bool is_urn_text(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= ' ' || text.ptr[i] == 0x7f)
			return false;
	return true;
}

enum tu_status tu_tei_read(struct tu_str text, struct tu_tei *out, struct tu_error *err)
{
	struct tu_str rest = text, type;

	*out = (struct tu_tei){0};
	if (text.len > TU_TEI_MAX)
		return wrong(err, "the identifier is too long");
	if (!is_urn_text(text))
		return wrong(err, "an identifier has no spaces");
	if (!tu_str_skip(&rest, TU_STR("urn:tei:")))
		return wrong(err, "an identifier is urn:tei:TYPE:DOMAIN:ID");
	type = tu_str_first(rest, tu_str_find(rest, ':'));
	rest = tu_str_from(rest, type.len + 1);
	out->domain = tu_str_first(rest, tu_str_find(rest, ':'));
	out->id = tu_str_from(rest, out->domain.len + 1);
	if (!find_type(type, &out->type))
		return wrong(
			err, "the type is none of uuid, udi, gtin, eanupc, purl, hash, swid, asin");
	if (!tu_tei_is_domain(out->domain))
		return wrong(err, "the domain is none");
	if (!out->id.len)
		return wrong(err, "nothing follows the domain");
	return check_id(out, err);
}

void tu_tei_write(enum tu_tei_type type, struct tu_str domain, struct tu_str id, struct tu_buf *out)
{
	tu_buf_printf(out, "urn:tei:%s:%.*s:", names[type], TU_STR_FMT(domain));
	tu_buf_str_add(out, id);
}
