/* The laws of versions and ranges on random texts, scheme by scheme. */
#include "kit.h"
#include "laws.h"

enum { ROUNDS = 4000, PIECES = 6, ROOM = 256 };

/* What versions of all schemes are made of. */
static const char *const pieces[] = {"0", "1", "2", "9", "10", "00", "01", "20240101", ".", ".",
	".", "-", "-", "+", "~", "^", "_", ":", "!", "a", "b", "g", "rc", "RC", "alpha", "beta",
	"dev", "pre", "post", "SNAPSHOT", "final", "sp", "p", "_p", "_rc", "-r", "v", "V", "go",
	"x", "*", "-dev", "dev-", "1.0", "1.0.0", "2.1.3", "z", "zg", "1:", "T00:00:00Z",
	"2024-01-01", " ", "\t", "\xc3\xa9", "18446744073709551616"};

static struct tu_str random_version(struct prop *p, char *room)
{
	return prop_text(p, pieces, TU_COUNT(pieces), PIECES, room, ROOM);
}

/* A version, and often one that differs from it only a little. */
static struct tu_str near_version(struct prop *p, struct tu_str other, char *room)
{
	if (prop_below(p, 3) == 0)
		return random_version(p, room);
	memcpy(room, other.ptr, other.len);
	struct tu_str tail =
		prop_text(p, pieces, TU_COUNT(pieces), 2, room + other.len, ROOM - other.len);
	return tu_str_of(room, other.len + tail.len);
}

static void check_scheme(struct prop *p, enum tu_scheme scheme)
{
	char a[ROOM], b[ROOM], c[ROOM], name[96], broken[1024] = "";
	struct tu_arena *arena = tu_arena_new(0);

	for (int i = 0; i < ROUNDS && arena && broken[0] == '\0'; i++) {
		struct tu_str va = random_version(p, a);
		struct tu_str vb = near_version(p, tu_str_first(va, ROOM / 4), b);
		struct tu_str vc = near_version(p, tu_str_first(vb, ROOM / 4), c);
		const char *law = law_of_versions(scheme, va, vb, vc);
		if (!law)
			law = law_of_intervals(arena, scheme, va, vb, vc);
		if (law)
			snprintf(broken, sizeof(broken), "%s: [%.*s] [%.*s] [%.*s]", law,
				TU_STR_FMT(va), TU_STR_FMT(vb), TU_STR_FMT(vc));
		tu_arena_reset(arena);
	}
	snprintf(name, sizeof(name), "order and intervals of %.*s",
		TU_STR_FMT(tu_scheme_name(scheme)));
	prop_report(p, name, !arena ? "no memory" : broken[0] ? broken : NULL);
	tu_arena_free(arena);
}

/* "vers:npm/>=1.0|<2": a scheme, one to four constraints. */
static struct tu_str random_range(struct prop *p, enum tu_scheme scheme, char *room, size_t size)
{
	static const char *const operators[] = {"", "", "=", "!=", "<", "<=", ">", ">="};
	static const char *const versions[] = {"1", "1.0", "1.0.0", "1.2.0", "2.0.0", "2", "10.0",
		"1.0-rc1", "1.0rc1", "1%2E5", "3.0.0-beta.2", "junk!", "1.0.2zg", "5.10-rc3"};
	int len = snprintf(room, size, "vers:%.*s/", TU_STR_FMT(tu_scheme_name(scheme)));

	for (size_t i = prop_below(p, 4) + 1; i > 0; i--)
		len += snprintf(room + len, size - (size_t)len, "%s%s%s",
			operators[prop_below(p, TU_COUNT(operators))],
			versions[prop_below(p, TU_COUNT(versions))], i > 1 ? "|" : "");
	return tu_str_of(room, (size_t)len);
}

static void check_ranges(struct prop *p)
{
	char text[1024], version[ROOM], broken[2048] = "";
	struct tu_arena *arena = tu_arena_new(0);

	for (int i = 0; i < ROUNDS * 5 && arena && broken[0] == '\0'; i++) {
		enum tu_scheme scheme = (enum tu_scheme)(1 + prop_below(p, TU_SCHEME_COUNT_ - 1));
		struct tu_str range = random_range(p, scheme, text, sizeof(text));
		struct tu_str tested = random_version(p, version);
		const char *law = law_of_ranges(arena, range, tested);
		if (law)
			snprintf(broken, sizeof(broken), "%s: [%.*s] [%.*s]", law,
				TU_STR_FMT(range), TU_STR_FMT(tested));
		tu_arena_reset(arena);
	}
	prop_report(p, "ranges written, read and in canonical form",
		!arena		    ? "no memory"
			: broken[0] ? broken
				    : NULL);
	tu_arena_free(arena);
}

static void check_native(struct prop *p)
{
	static const char *const parts[] = {"1", "1.2", "1.2.3", "0.2", "x", "*", "1.x", " ", " ",
		",", "||", "|", "^", "~", "~>", "~=", ">=", "<", "<=", ">", "=", "==", "!=", " - ",
		"[", "]", "(", ")", "-beta.1", "a1", ".*", "+", "-", "1!2"};
	char text[1024], version[ROOM], broken[2048] = "";
	struct tu_arena *arena = tu_arena_new(0);

	for (int i = 0; i < ROUNDS * 10 && arena && broken[0] == '\0'; i++) {
		enum tu_scheme scheme = (enum tu_scheme)(1 + prop_below(p, TU_SCHEME_COUNT_ - 1));
		struct tu_str native = prop_text(p, parts, TU_COUNT(parts), 6, text, sizeof(text));
		struct tu_str tested = random_version(p, version);
		const struct tu_range *range;
		const char *law = NULL;
		if (tu_range_parse_native(arena, scheme, native, &range, NULL) == TU_OK)
			law = law_of_rewriting(arena, range, tested);
		if (law)
			snprintf(broken, sizeof(broken), "%s: %.*s [%.*s] [%.*s]", law,
				TU_STR_FMT(tu_scheme_name(scheme)), TU_STR_FMT(native),
				TU_STR_FMT(tested));
		tu_arena_reset(arena);
	}
	prop_report(p, "native ranges written as vers",
		!arena		    ? "no memory"
			: broken[0] ? broken
				    : NULL);
	tu_arena_free(arena);
}

int main(void)
{
	struct prop p = prop_begin();

	for (int scheme = TU_SCHEME_NONE; scheme < TU_SCHEME_COUNT_; scheme++)
		check_scheme(&p, (enum tu_scheme)scheme);
	check_ranges(&p);
	check_native(&p);
	return prop_end(&p);
}
