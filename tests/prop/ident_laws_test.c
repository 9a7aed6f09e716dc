/* The laws of package URLs and CPE names on random texts. */
#include "kit.h"
#include "laws.h"

enum { ROUNDS = 60000, ROOM = 2048 };

static void check_purls(struct prop *p)
{
	static const char *const pieces[] = {"pkg:", "npm", "pypi", "deb", "golang", "github",
		"maven", "generic", "oci", "swift", "mlflow", "huggingface", "/", "/", "/", "@",
		"?", "#", "=", "&", "%40", "%2F", "%20", "%2", "%c3%a9", "Foo_Bar", "a", "A.b-c",
		"1.0", "arch", "checksum", "..", ".", "//", ":", "+", "~", " ", "\xc3\xa9"};
	static const char *const starts[] = {"pkg:npm/", "pkg:pypi/", "pkg:deb/debian/",
		"pkg:golang/", "pkg:generic/", "pkg:maven/g/", "pkg:GitHub/A/", "pkg:", ""};
	char text[ROOM], broken[ROOM + 128] = "";
	struct tu_arena *arena = tu_arena_new(0);

	for (int i = 0; i < ROUNDS && arena && broken[0] == '\0'; i++) {
		int start =
			snprintf(text, sizeof(text), "%s", starts[prop_below(p, TU_COUNT(starts))]);
		struct tu_str rest = prop_text(p, pieces, TU_COUNT(pieces), 12, text + start,
			sizeof(text) - (size_t)start);
		struct tu_str purl = tu_str_of(text, (size_t)start + rest.len);
		const char *law = law_of_purls(arena, purl);
		if (law)
			snprintf(broken, sizeof(broken), "%s: [%.*s]", law, TU_STR_FMT(purl));
		tu_arena_reset(arena);
	}
	prop_report(p, "package URLs written and read",
		!arena		    ? "no memory"
			: broken[0] ? broken
				    : NULL);
	tu_arena_free(arena);
}

/* A formatted string whose attributes are often well-formed. */
static struct tu_str random_cpe(struct prop *p, char *room, size_t size)
{
	static const char *const values[] = {"*", "*", "*", "-", "a", "foo", "Foo_Bar", "1.0",
		"1\\.0", "1.*", "?.0", "foo\\:bar", "\\*", "f\\!", "b~c", "x y", "\xc3\xa9", "",
		"9"};
	static const char *const parts[] = {"a", "o", "h", "*", "-", "x"};
	bool uri = prop_below(p, 4) == 0;
	int len = snprintf(room, size, "%s%s",
		uri ? "cpe:/" : "cpe:2.3:", parts[prop_below(p, TU_COUNT(parts))]);

	for (int i = uri ? 4 + (int)prop_below(p, 3) : 10; i > 0; i--)
		len += snprintf(room + len, size - (size_t)len, ":%s",
			values[prop_below(p, TU_COUNT(values) * 2) % TU_COUNT(values)]);
	return tu_str_of(room, (size_t)len);
}

static void check_cpes(struct prop *p)
{
	char a[ROOM], b[ROOM], broken[2 * ROOM + 128] = "";
	struct tu_arena *arena = tu_arena_new(0);

	for (int i = 0; i < ROUNDS * 3 && arena && broken[0] == '\0'; i++) {
		struct tu_str first = random_cpe(p, a, sizeof(a));
		struct tu_str second = random_cpe(p, b, sizeof(b));
		const char *law = law_of_cpes(arena, first, second);
		if (law)
			snprintf(broken, sizeof(broken), "%s: [%.*s] [%.*s]", law,
				TU_STR_FMT(first), TU_STR_FMT(second));
		tu_arena_reset(arena);
	}
	prop_report(p, "CPE names written and read; their relation both ways round",
		!arena		    ? "no memory"
			: broken[0] ? broken
				    : NULL);
	tu_arena_free(arena);
}

int main(void)
{
	struct prop p = prop_begin();

	check_purls(&p);
	check_cpes(&p);
	return prop_end(&p);
}
