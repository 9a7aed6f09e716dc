/*
 * The writer of a knowledge base: what place.c and the files write*.c share.
 */
#ifndef TU_KB_WRITER_H
#define TU_KB_WRITER_H

#include "base/alloc.h"
#include "kb/builder.h"
#include "kb/target.h"

/*
 * Sections are written one after the other into one sink; strings are numbered in the order in
 * which rows first name them and are laid down last, so that the same facts give the same bytes.
 * What a section is made of is freed when it has been written: the file is about as large as
 * the builder.
 */
struct writer {
	struct tu_kb_builder *b;
	struct b_merged m;
	struct tu_arena *arena; /* until the end */
	struct tu_arena *passing; /* for a group of sections */
	const struct tu_kb_target *target;
	struct tu_sink *sink; /* of the target */
	TU_VEC(uint32_t) strings; /* ids, in the order of the file */
	size_t strings_len;
	bool failed; /* no memory, or more strings than offsets can name */
	uint32_t *offsets[B_KINDS]; /* of strings; 0: not yet written (or the empty string) */
	struct kb_header header;
	bool *rejected; /* vulnerability -> every record of it is */
	uint32_t *package_order; /* rank -> owner */
	uint32_t *product_order;
	uint32_t *place; /* vulnerability -> its row */
	uint32_t *number; /* row -> vulnerability */
	uint32_t *home; /* advisory's row -> row of the vulnerability that it follows */
};

/*
 * The file is written in pieces of a large page, each at a multiple of its size: where the kernel's
 * memory of a file has large pages (ext4 from Linux 6.16 on, XFS), each piece becomes one, and who
 * maps the file gets it by one page fault where it would be 32.
 */
enum { KB_PIECE = TU_LARGE_PAGE, KB_ROWS = 64 * 1024 };

/* Rows of a section are put between these two. */
void tu_kb__begin(struct writer *w, enum kb_section section, uint32_t row_bytes);
void tu_kb__end(struct writer *w, enum kb_section section);
static inline void tu_kb__put(struct writer *w, const void *row, size_t len)
{
	tu_buf_add(&w->sink->buf, row, len);
	if (w->sink->buf.len >= KB_PIECE)
		tu_sink_spill(w->sink);
}
/* The same for many rows at once. */
void tu_kb__put_rows(struct writer *w, const void *rows, size_t count, size_t row_bytes);
void tu_kb__put_u32(struct writer *w, uint32_t value);
/* The offset of an interned string in the string section, which it enters when it is new. */
uint32_t tu_kb__put_string(struct writer *w, uint32_t id);

/* A hash table of `rows` keys; `parts` fills the parts of a row and says how many, 0: leave the
 * row out. At most half full, so that a probe for an absent key ends soon. False: no memory. */
TU_NODISCARD bool tu_kb__write_slots(struct writer *w, enum kb_section section, uint32_t rows,
	size_t (*parts)(const struct writer *w, uint32_t row, struct tu_str out_parts[3]));

/* Rows of an advisory in one of the builder's lists. */
#define KB_LIST_FIRST(w, i, field) ((w)->b->advisories.at[(w)->m.order[i]].row.field)
#define KB_LIST_END(w, i, field, list) \
	((w)->m.order[i] + 1 < (w)->b->advisories.count \
			? (w)->b->advisories.at[(w)->m.order[i] + 1].row.field \
			: (uint32_t)(w)->b->list.count)
#define KB_LIST_COUNT(w, i, field, list) \
	(KB_LIST_END(w, i, field, list) - KB_LIST_FIRST(w, i, field))

/*
 * Advisories are written in another order than they have in memory, and each wait for memory would
 * be one of its own. These ask for what will be needed soon: the row of an advisory to come, and of
 * the one that was asked for some steps ago (NULL: none) what it names.
 */
enum { KB_AHEAD = 8 };
static inline const struct kb_advisory *kb_ahead(const struct writer *w, uint32_t i)
{
	if (w->m.live - i > 2 * KB_AHEAD)
		__builtin_prefetch(&w->b->advisories.at[w->m.order[i + 2 * KB_AHEAD]]);
	return w->m.live - i > KB_AHEAD ? &w->b->advisories.at[w->m.order[i + KB_AHEAD]].row : NULL;
}
static inline void kb_string_ahead(const struct writer *w, uint32_t id)
{
	__builtin_prefetch(&w->offsets[id >> B_KIND_SHIFT][id & B_INDEX]);
	tu_intern_ahead(w->b->strings[id >> B_KIND_SHIFT], id & B_INDEX);
}
#define KB_LIST_AHEAD(w, list, first) \
	do { \
		if ((first) < (w)->b->list.count) \
			__builtin_prefetch(&(w)->b->list.at[first]); \
	} while (0)

/* Vulnerabilities, their places and records. Names the texts of all advisories but addresses.
 * False: no memory. */
TU_NODISCARD bool tu_kb__write_vulnerabilities(struct writer *w);
/* Order packages and products. False: no memory. */
TU_NODISCARD bool tu_kb__sort_owners(struct writer *w);
/* Decide in which order vulnerabilities and advisories stand: `place`, `number`, `home`, and the
 * advisories' order and position of `m`. Owners have been sorted. False: no memory. */
TU_NODISCARD bool tu_kb__place(struct writer *w);
/* Packages, products, their entries, version ranges and configurations. False: no memory. */
TU_NODISCARD bool tu_kb__write_entries(struct writer *w);
/* Curated names; who contributed what. False: no memory. */
TU_NODISCARD bool tu_kb__write_names(struct writer *w);
TU_NODISCARD bool tu_kb__write_sources(struct writer *w);
/* Ends of support. False: no memory. */
TU_NODISCARD bool tu_kb__write_lifecycles(struct writer *w);

static inline bool kb_is_dead(const struct b_advisory *a)
{
	return a->row.state == TU_ADVISORY_REJECTED || a->row.state == TU_ADVISORY_WITHDRAWN;
}

/* A catalogue no longer says that it is exploited. */
static inline bool kb_is_withdrawn_kev(const struct b_advisory *a)
{
	return a->row.source == TU_SOURCE_KEV && a->row.state == TU_ADVISORY_WITHDRAWN;
}

/* One past the last entry of an advisory. */
static inline uint32_t kb_entries_end(const struct writer *w, uint32_t advisory)
{
	return advisory + 1 < w->b->advisories.count ? w->b->advisories.at[advisory + 1].first_entry
						     : (uint32_t)w->b->entries.count;
}

#endif
