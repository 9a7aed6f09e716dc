#include "base/big_endian.h"
#include "base/hash.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "list/order.h"

/*
 * A cursor in hexadecimal digits:
 *
 *   digest (8 bytes) of kind, sort, direction, filter and scope
 *   key (4; 0 if the order is the name), ids of vulnerability, component and release (8 each) of
 *   the last row
 *   the beginning of the vulnerability's name, if it is the order
 *   check (8) over all that
 *
 * All numbers most significant byte first. It is no secret and no promise: whoever makes one up
 * asks for a page of what he may see.
 */
enum { DIGEST = 8, FIXED = DIGEST + 4 + 3 * 8, CHECK = 8, NAME_MAX = 200 };
enum { BYTES_MAX = FIXED + NAME_MAX + CHECK };

static size_t put_number(uint8_t *bytes, size_t at, uint64_t number, size_t len)
{
	tu_big_endian_put(bytes + at, number, len);
	return at + len;
}

static uint64_t check_of(const uint8_t *bytes, size_t len)
{
	return tu_hash_seeded(tu_str_of((const char *)bytes, len), 0x6c697374);
}

static enum tu_status digest_of(
	const struct tu_list_query *query, uint8_t out_digest[TU_SHA256_BYTES])
{
	enum tu_status status = TU_E_NOMEM;
	struct tu_buf text;

	tu_buf_init(&text, 1 << 30);
	tu_buf_printf(&text, "%d %d ", (int)query->sort, query->descending);
	tu_list__write_question(query, &text);
	if (!text.failed)
		status = tu_sha256(tu_buf_str(&text), out_digest);
	tu_buf_done(&text);
	return status;
}

/* ---- writing ---- */

static size_t put_row(const struct tu_list__order *order, enum tu_list_kind kind,
	const struct tu_list__last *last, uint8_t *bytes)
{
	const struct tu_list__table *vulns = order->snapshot->tables[TU_LIST__VULNERABILITIES];
	const struct tu_list__vuln *vuln = tu_list__vuln_at(order->snapshot, last->vuln);
	struct tu_str name = tu_str_first(tu_list__said(vulns, vuln->name), NAME_MAX);
	bool finding = kind == TU_LIST_FINDINGS;
	int64_t component =
		finding ? tu_list__component_at(order->snapshot, last->component)->id : 0;
	int64_t release = finding ? tu_list__release_at(order->snapshot, last->release)->id : 0;
	/* the place of a name among all names would say how many there are that are not to be seen;
	 * it is found by the name */
	uint64_t key = order->sort == TU_LIST_BY_NAME ? 0 : last->key;
	size_t len = put_number(bytes, DIGEST, key, 4);

	len = put_number(bytes, len, (uint64_t)vuln->id, 8);
	len = put_number(bytes, len, (uint64_t)component, 8);
	len = put_number(bytes, len, (uint64_t)release, 8);
	if (order->sort == TU_LIST_BY_NAME && name.len) {
		memcpy(bytes + len, name.ptr, name.len);
		len += name.len;
	}
	return len;
}

enum tu_status tu_list__cursor_write(struct tu_arena *arena, const struct tu_list__order *order,
	const struct tu_list_query *query, const struct tu_list__last *last,
	struct tu_str *out_cursor)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t bytes[BYTES_MAX], digest[TU_SHA256_BYTES];
	enum tu_status status = digest_of(query, digest);
	size_t len;
	char *text;

	if (status)
		return status;
	memcpy(bytes, digest, DIGEST);
	len = put_row(order, query->kind, last, bytes);
	len = put_number(bytes, len, check_of(bytes, len), CHECK);
	text = tu_arena_text(arena, 2 * len);
	if (!text)
		return TU_E_NOMEM;
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	*out_cursor = tu_str_of(text, 2 * len);
	return TU_OK;
}

/* ---- reading ---- */

static bool decode(struct tu_str text, uint8_t *bytes, size_t *out_len)
{
	size_t len = text.len / 2;

	if (text.len % 2 || len < FIXED + CHECK || len > BYTES_MAX)
		return false;
	if (!tu_hex_read(text, bytes, len))
		return false;
	*out_len = len - CHECK;
	return tu_big_endian_get(bytes + len - CHECK, CHECK) == check_of(bytes, len - CHECK);
}

/* The key of a name: its place now, or, if this snapshot does not know the vulnerability, the
 * place where its name would be. */
static uint32_t name_key(const struct tu_list__order *order, int64_t id, struct tu_str name)
{
	const struct tu_list__table *table = order->snapshot->tables[TU_LIST__VULNERABILITIES];
	uint32_t vuln = tu_list__table_find(table, id), low = 0, high = table->count;

	if (vuln != TU_LIST__NONE)
		return tu_list__vuln_key(order, vuln);
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct tu_list__vuln *row =
			tu_list__vuln_at(order->snapshot, table->by_name[middle]);

		if (tu_list__name_order(tu_list__said(table, row->name), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return tu_list__key(order, 2 * low);
}

static struct tu_list__place place_of(
	const struct tu_list__order *order, const uint8_t *bytes, size_t len)
{
	struct tu_list__table *const *tables = order->snapshot->tables;
	int64_t vuln = (int64_t)tu_big_endian_get(bytes + DIGEST + 4, 8);
	int64_t component = (int64_t)tu_big_endian_get(bytes + DIGEST + 12, 8);
	int64_t release = (int64_t)tu_big_endian_get(bytes + DIGEST + 20, 8);
	uint64_t key = tu_big_endian_get(bytes + DIGEST, 4);

	if (order->sort == TU_LIST_BY_NAME)
		key = name_key(order, vuln, tu_str_of((const char *)bytes + FIXED, len - FIXED));
	return (struct tu_list__place){
		key << 32 | tu_list__table_place(tables[TU_LIST__VULNERABILITIES], vuln),
		component ? (uint64_t)tu_list__table_place(tables[TU_LIST__COMPONENTS], component)
					<< 32 |
				tu_list__table_place(tables[TU_LIST__RELEASES], release)
			  : 0};
}

enum tu_status tu_list__cursor_read(const struct tu_list__order *order,
	const struct tu_list_query *query, struct tu_list__place *out_place, struct tu_error *err)
{
	uint8_t bytes[BYTES_MAX], digest[TU_SHA256_BYTES];
	enum tu_status status;
	size_t len;

	*out_place = (struct tu_list__place){0};
	if (!query->cursor.len)
		return TU_OK;
	if (!decode(query->cursor, bytes, &len))
		return tu_fail(err, TU_E_USAGE, 0,
			"the cursor is damaged: ask for the first page again, without a cursor");
	status = digest_of(query, digest);
	if (status)
		return tu_no_memory(err);
	if (memcmp(bytes, digest, DIGEST) != 0)
		return tu_fail(err, TU_E_USAGE, 0,
			"the cursor is of another list, filter, order or set of devices: ask for "
			"the first page of this one, without a cursor");
	*out_place = place_of(order, bytes, len);
	return TU_OK;
}
