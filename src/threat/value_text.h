/*
 * The normal form of values in words, and their words.
 *
 * A text is read once: lower case, "-" for "_" and space, and ",-" for each mark that ends a clause
 * (",", ";", ":", ".", "(", a dash), so that "no; nobody" and "No (nobody)" are one. Articles are
 * left out. A negation of a negation says what it demands: "no client without a certificate" and
 * "only with a certificate" are "certificate", "no connection without" is "always".
 */
#ifndef TU_THREAT_VALUE_TEXT_H
#define TU_THREAT_VALUE_TEXT_H

#include <tutela/arena.h>
#include <tutela/str.h>

enum { TU_VALUE_TEXT_MAX = 240, TU_VALUE_CLAUSES_MAX = 8 };

/* A text in normal form; what is longer than TU_VALUE_TEXT_MAX is left out. */
struct tu_value_text {
	char bytes[TU_VALUE_TEXT_MAX];
	struct tu_str all; /* the first clause alone where it is a demand */
	struct tu_str clauses[TU_VALUE_CLAUSES_MAX]; /* the last has the rest */
	size_t clause_count;
	bool is_cut;
};

void tu_value_read(struct tu_str text, struct tu_value_text *out);
/* The normal form of a pattern, in the arena. False: out of memory. */
bool tu_value_fold(struct tu_arena *arena, struct tu_str word, struct tu_str *out);

/* The next word of a text in normal form; its place is that of its pointer. */
bool tu_value_next_word(struct tu_str *rest, struct tu_str *word);
/* `list` ends in NULL. */
bool tu_value_is_one_of(struct tu_str word, const char *const *list);
/* "no", "not", "never", "without", "isn't", … */
bool tu_value_is_negator(struct tu_str word);
/* Is there one in the clause? */
bool tu_value_negates(struct tu_str clause);

#endif
