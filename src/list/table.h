/*
 * Tables of a snapshot: rows by dense number, with their texts and the order of their ids.
 *
 * Inside, things have dense numbers, given when they are first named; every order goes by the rank
 * of the database's id.
 */
#ifndef TU_LIST_TABLE_H
#define TU_LIST_TABLE_H

#include <stdatomic.h>

#include "base/vec.h"
#include "list/list.h"

enum tu_list__kind {
	TU_LIST__VULNERABILITIES,
	TU_LIST__COMPONENTS,
	TU_LIST__DEVICES,
	TU_LIST__RELEASES,
	TU_LIST__TABLES
};

#define TU_LIST__NONE UINT32_MAX

/* Growing arrays for TU_VEC_PUSH(). */
struct tu_list__numbers {
	uint32_t *at;
	size_t count, cap;
};

struct tu_list__pairs {
	uint64_t *at;
	size_t count, cap;
};

/* A place in the text of a table. */
struct tu_list__text {
	uint32_t at, len;
};

/* Every row begins with its id and its texts. */
struct tu_list__vuln {
	int64_t id;
	struct tu_list__text name, exploited_by;
	int64_t modified;
	uint32_t epss;
	uint8_t severity, score;
	bool kev;
};

struct tu_list__component {
	int64_t id;
	struct tu_list__text name, package, version, purl;
	uint8_t key[TU_LIST_KEY];
};

struct tu_list__device {
	int64_t id;
	struct tu_list__text name;
};

struct tu_list__release {
	int64_t id;
	struct tu_list__text version, public_id;
	int64_t released;
	uint32_t device;
	uint8_t state;
};

struct tu_list__table {
	atomic_size_t refs;
	enum tu_list__kind kind;
	uint32_t count;
	void *rows;
	uint32_t *by_id; /* dense numbers in the order of ids */
	uint32_t *rank; /* the place of each in by_id */
	uint32_t *by_name, *name_rank; /* vulnerabilities only */
	char *text;
	size_t text_len;
};

/* Rows that a draft puts into a table; their texts are in `text` of the draft. */
struct tu_list__puts {
	TU_VEC(uint32_t) which;
	char *rows;
	size_t cap;
	uint32_t count_after; /* how many rows the table has then */
};

/* Rows of `old` (NULL: none), then those of `puts`. TU_E_NOTFOUND: a number without a row. */
TU_NODISCARD enum tu_status tu_list__table_next(enum tu_list__kind kind, struct tu_list__table *old,
	const struct tu_list__puts *puts, struct tu_str text, struct tu_list__table **out_table);
void tu_list__table_drop(struct tu_list__table *table);
/* The dense number of an id, or TU_LIST__NONE. */
uint32_t tu_list__table_find(const struct tu_list__table *table, int64_t id);
/* The place of an id: 2 r + 1 at rank r; one that is not there: 2 r before rank r. */
uint32_t tu_list__table_place(const struct tu_list__table *table, int64_t id);
size_t tu_list__row_size(enum tu_list__kind kind);
size_t tu_list__table_bytes(const struct tu_list__table *table);
/* The order of names: bytes, but digits by value. */
int tu_list__name_order(struct tu_str a, struct tu_str b);

static inline struct tu_str tu_list__said(
	const struct tu_list__table *table, struct tu_list__text text)
{
	return tu_str_of(table->text + text.at, text.len);
}

#endif
