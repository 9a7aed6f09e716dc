#include "ident/package.h"

#include <string.h>

#include "base/hex.h"
#include "ident/pep503.h"
#include "ident/purl_types.h"

/* ---- names ---- */

bool tu_package_folds(struct tu_str type)
{
	return (tu_purl_type_find(type)->rules & (TU_PURL_FOLD_CASE | TU_PURL_FOLD_DASHES)) != 0;
}

static char fold(uint32_t rules, char c)
{
	if (rules & TU_PURL_FOLD_CASE)
		c = tu_char_lower(c);
	return (rules & TU_PURL_FOLD_DASHES) && c == '_' ? '-' : c;
}

void tu_package_fold(struct tu_str type, const char *in, char *out, size_t len)
{
	uint32_t rules = tu_purl_type_find(type)->rules;

	for (size_t i = 0; i < len; i++)
		out[i] = fold(rules, in[i]);
}

bool tu_package_same(struct tu_str type, struct tu_str a, struct tu_str b)
{
	uint32_t rules;

	if (a.len != b.len)
		return false;
	if (tu_str_eq(a, b))
		return true;
	rules = tu_purl_type_find(type)->rules;
	for (size_t i = 0; i < a.len; i++) {
		if (fold(rules, a.ptr[i]) != fold(rules, b.ptr[i]))
			return false;
	}
	return true;
}

bool tu_package_needs_namespace(struct tu_str type)
{
	return tu_purl_type_find(type)->namespace_ == TU_PURL_REQUIRED;
}

bool tu_package_of_distribution(struct tu_str type)
{
	static const struct tu_str types[] = {
		TU_STR_INIT("deb"), TU_STR_INIT("rpm"), TU_STR_INIT("apk"), TU_STR_INIT("alpm")};

	for (size_t i = 0; i < TU_COUNT(types); i++) {
		if (tu_str_eq(types[i], type))
			return true;
	}
	return false;
}

/* ---- paths ---- */

static bool join(struct tu_arena *arena, struct tu_str a, struct tu_str b, struct tu_str *out)
{
	char *text;

	if (a.len == 0 || b.len == 0) {
		*out = a.len ? a : b;
		return true;
	}
	text = tu_arena_text(arena, a.len + 1 + b.len);
	if (!text)
		return false;
	memcpy(text, a.ptr, a.len);
	text[a.len] = '/';
	memcpy(text + a.len + 1, b.ptr, b.len);
	*out = tu_str_of(text, a.len + 1 + b.len);
	return true;
}

static void split(struct tu_str path, char mark, struct tu_purl *purl)
{
	size_t at = tu_str_rfind(path, mark);

	if (at == path.len) {
		purl->namespace_ = (struct tu_str){"", 0};
		purl->name = path;
		return;
	}
	purl->namespace_ = tu_str_first(path, at);
	purl->name = tu_str_from(path, at + 1);
}

/* ---- Go ---- */

bool tu_package_go_own(
	struct tu_str namespace_, struct tu_str name, struct tu_str *out_name, bool *out_both)
{
	static const struct {
		struct tu_str namespace_, name, own;
		bool both;
	} names[] = {
		{TU_STR_INIT(""), TU_STR_INIT("stdlib"), TU_STR_INIT("stdlib"), false},
		{TU_STR_INIT(""), TU_STR_INIT("std"), TU_STR_INIT("stdlib"), false},
		{TU_STR_INIT(""), TU_STR_INIT("toolchain"), TU_STR_INIT("toolchain"), false},
		{TU_STR_INIT(""), TU_STR_INIT("cmd"), TU_STR_INIT("toolchain"), false},
		{TU_STR_INIT("cmd"), TU_STR_INIT("go"), TU_STR_INIT("toolchain"), false},
		{TU_STR_INIT("golang.org"), TU_STR_INIT("toolchain"), TU_STR_INIT("toolchain"),
			false},
		{TU_STR_INIT(""), TU_STR_INIT("go"), TU_STR_INIT("stdlib"), true},
		{TU_STR_INIT(""), TU_STR_INIT("golang"), TU_STR_INIT("stdlib"), true},
		{TU_STR_INIT("github.com/golang"), TU_STR_INIT("go"), TU_STR_INIT("stdlib"), true},
	};

	for (size_t i = 0; i < TU_COUNT(names); i++) {
		if (!tu_str_ieq(names[i].name, name) ||
			!tu_str_ieq(names[i].namespace_, namespace_))
			continue;
		*out_name = names[i].own;
		if (out_both)
			*out_both = names[i].both;
		return true;
	}
	return false;
}

static struct tu_str go_version(struct tu_str version)
{
	static const struct tu_str ends[] = {TU_STR_INIT(" "), TU_STR_INIT("X:")};
	struct tu_str rest = version;
	size_t at;

	if (tu_str_skip(&rest, TU_STR("v0.0.1-go"))) {
		at = tu_str_find(rest, '-');
		return tu_str_first(rest, tu_str_rfind(tu_str_first(rest, at), '.'));
	}
	for (size_t i = 0; i < TU_COUNT(ends); i++) {
		at = tu_str_search(version, ends[i]);
		if (at)
			version = tu_str_first(version, at);
	}
	return version;
}

/* "1.15.5-x86_64-linux": the name of a gem's file has the platform after the version. */
static struct tu_str gem_version(struct tu_str version)
{
	static const struct tu_str platforms[] = {TU_STR_INIT("aarch64"), TU_STR_INIT("arm"),
		TU_STR_INIT("dalvik"), TU_STR_INIT("darwin"), TU_STR_INIT("java"),
		TU_STR_INIT("jruby"), TU_STR_INIT("linux"), TU_STR_INIT("mingw"),
		TU_STR_INIT("mswin"), TU_STR_INIT("powerpc"), TU_STR_INIT("ppc"),
		TU_STR_INIT("riscv"), TU_STR_INIT("s390"), TU_STR_INIT("universal"),
		TU_STR_INIT("x64"), TU_STR_INIT("x86")};
	size_t dash = tu_str_find(version, '-');

	for (size_t i = 0; i < TU_COUNT(platforms); i++) {
		if (tu_str_istarts(tu_str_from(version, dash + 1), platforms[i]))
			return tu_str_first(version, dash);
	}
	return version;
}

/* "7.2.4-3", "7.2.4-debian-12-r3": Bitnami's third build of 7.2.4, which SemVer would have before
 * 7.2.4. The records are about the version that was built. */
static struct tu_str bitnami_version(struct tu_str version)
{
	size_t dash = tu_str_search(version, TU_STR("-debian-"));
	struct tu_str build;

	if (dash < version.len)
		return tu_str_first(version, dash);
	dash = tu_str_rfind(version, '-');
	build = tu_str_from(version, dash);
	return tu_str_skip(&build, TU_STR("-")) && tu_str_digits(&build).len && build.len == 0
		? tu_str_first(version, dash)
		: version;
}

struct tu_str tu_package_version(const struct tu_purl *purl, struct tu_str version)
{
	if (tu_str_eq(purl->type, TU_STR("bitnami")))
		return bitnami_version(version);
	if (tu_str_eq(purl->type, TU_STR("gem")))
		return gem_version(version);
	if (tu_str_eq(purl->type, TU_STR("golang")) && purl->namespace_.len == 0)
		return go_version(version);
	return version;
}

/* A commit or a digest: as long as none counts, and not a date. */
static bool is_hash(struct tu_str text)
{
	enum { SHORTEST = 12 };
	bool letter = false;

	for (size_t i = 0; i < text.len; i++) {
		if (tu_hex_value(text.ptr[i]) < 0)
			return false;
		letter = letter || tu_char_is_alpha(text.ptr[i]);
	}
	return text.len >= SHORTEST && (letter || text.len >= 40);
}

/* A range ("[3.0,4.0)", ">=9", "^1.2", "9 || 10"), a wildcard ("1.x"), an address ("file:../x",
 * "sha256:…"), a word ("LATEST", "master"). */
static bool is_no_release(struct tu_str text, bool signs)
{
	static const struct tu_str inside[] = {TU_STR_INIT("<"), TU_STR_INIT(">"),
		TU_STR_INIT("||"), TU_STR_INIT(" - "), TU_STR_INIT("://")};
	static const struct tu_str ends[] = {TU_STR_INIT(".x-dev"), TU_STR_INIT(".x"),
		TU_STR_INIT(".X"), TU_STR_INIT(".*"), TU_STR_INIT(".+")};
	size_t letters = 0;
	bool digit = false;

	for (size_t i = 0; signs && i < TU_COUNT(inside); i++) {
		if (tu_str_search(text, inside[i]) < text.len)
			return true;
	}
	for (size_t i = 0; i < TU_COUNT(ends); i++) {
		if (tu_str_ends(text, ends[i]))
			return true;
	}
	for (size_t i = 0; i < text.len; i++)
		digit = digit || tu_char_is_digit(text.ptr[i]);
	while (letters < text.len && tu_char_is_alnum(text.ptr[letters]))
		letters++;
	return (text.len && !digit) || (text.len && strchr("[(^~", text.ptr[0])) ||
		(letters < text.len && tu_char_is_alpha(text.ptr[0]) && text.ptr[letters] == ':') ||
		is_hash(text);
}

/* A character that begins one of `openings` below or of `inside` above: most versions have none. */
static bool has_sign(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		switch (text.ptr[i]) {
		case '$':
		case '%':
		case '{':
		case '<':
		case '>':
		case '|':
		case ' ':
		case ':':
			return true;
		default:
			break;
		}
	}
	return false;
}

bool tu_package_has_no_version(struct tu_str text)
{
	static const struct tu_str openings[] = {
		TU_STR_INIT("${"), TU_STR_INIT("$("), TU_STR_INIT("%{"), TU_STR_INIT("{{")};
	bool signs = has_sign(text);

	for (size_t i = 0; signs && i < TU_COUNT(openings); i++) {
		if (tu_str_search(text, openings[i]) < text.len)
			return true;
	}
	return is_no_release(text, signs);
}

static struct tu_str major_of(struct tu_str version)
{
	tu_str_skip(&version, TU_STR("v"));
	return tu_str_digits(&version);
}

bool tu_package_go_is_major(struct tu_str path, struct tu_str version)
{
	struct tu_str last = tu_str_from(path, tu_str_rfind(path, '/') + 1);
	struct tu_str major = major_of(version);

	return tu_str_skip(&last, TU_STR("v")) && major.len && tu_str_eq(last, major) &&
		!tu_str_eq(major, TU_STR("0")) && !tu_str_eq(major, TU_STR("1"));
}

bool tu_package_go_may_have(struct tu_str path, struct tu_str version)
{
	struct tu_str major = major_of(version);

	return major.len == 0 || tu_str_eq(major, TU_STR("0")) || tu_str_eq(major, TU_STR("1")) ||
		tu_str_istarts(path, TU_STR("gopkg.in/")) ||
		tu_str_search(version, TU_STR("+incompatible")) < version.len ||
		tu_package_go_is_major(path, version);
}

/* The module proxy writes "!a" for "A" (https://go.dev/ref/mod, "Module proxy"). */
static bool unescape_go(struct tu_arena *arena, struct tu_str *path)
{
	size_t len = 0;
	char *text;

	if (tu_str_find(*path, '!') == path->len)
		return true;
	text = tu_arena_text(arena, path->len);
	if (!text)
		return false;
	for (size_t i = 0; i < path->len; i++) {
		bool escape = path->ptr[i] == '!' && i + 1 < path->len;

		i += escape;
		text[len++] = path->ptr[i];
	}
	*path = tu_str_of(text, len);
	return true;
}

static bool settle_go(struct tu_arena *arena, struct tu_purl *purl)
{
	bool is_package = tu_str_eq(tu_purl_qualifier(purl, TU_STR("type")), TU_STR("package"));
	struct tu_str own, path;

	/* The case of letters is ignored: "a" does for "A". */
	if (!unescape_go(arena, &purl->namespace_) || !unescape_go(arena, &purl->name) ||
		!unescape_go(arena, &purl->subpath))
		return false;
	if (tu_package_go_own(purl->namespace_, purl->name, &own, NULL)) {
		purl->namespace_ = purl->subpath = (struct tu_str){"", 0};
		purl->name = own;
		return true;
	}
	if (purl->subpath.len == 0 || is_package)
		return true;
	if (!join(arena, purl->namespace_, purl->name, &path) ||
		!join(arena, path, purl->subpath, &path))
		return false;
	split(path, '/', purl);
	purl->subpath = (struct tu_str){"", 0};
	return true;
}

/* ---- any purl ---- */

/* npm's namespaces are scopes. A scope begins with "@" and has no capitals; of names without a
 * scope there are old ones that have. */
static bool add_scope(struct tu_arena *arena, struct tu_str *scope)
{
	size_t at = scope->len && scope->ptr[0] == '@';
	char *text;

	if (scope->len == 0)
		return true;
	text = tu_arena_text(arena, scope->len + 1);
	if (!text)
		return false;
	text[0] = '@';
	for (size_t i = at; i < scope->len; i++)
		text[i - at + 1] = tu_char_lower(scope->ptr[i]);
	*scope = tu_str_of(text, scope->len + 1 - at);
	return true;
}

/* Types of other names: what dependency graphs of GitHub and inventories of old call them. */
static bool settle_type(struct tu_arena *arena, struct tu_purl *purl)
{
	static const struct {
		struct tu_str written, type, namespace_;
	} types[] = {
		{TU_STR_INIT("alpine"), TU_STR_INIT("apk"), TU_STR_INIT("alpine")},
		{TU_STR_INIT("githubactions"), TU_STR_INIT("github"), TU_STR_INIT("")},
	};
	struct tu_purl whole = *purl;
	enum tu_status status = TU_E_NOTFOUND;

	for (size_t i = 0; i < TU_COUNT(types); i++) {
		if (!tu_str_eq(types[i].written, purl->type))
			continue;
		whole.type = types[i].type;
		if (whole.namespace_.len == 0)
			whole.namespace_ = types[i].namespace_;
		status = tu_purl_normalise(arena, &whole, NULL);
	}
	if (status == TU_OK)
		*purl = whole;
	return status != TU_E_NOMEM;
}

bool tu_package_settle(struct tu_arena *arena, struct tu_purl *purl)
{
	bool no_slash;
	struct tu_str path;

	if (!settle_type(arena, purl))
		return false;
	no_slash = (tu_purl_type_find(purl->type)->rules & TU_PURL_NAME_NO_SLASH) != 0;

	if (no_slash && tu_str_find(purl->name, '/') < purl->name.len) {
		if (!join(arena, purl->namespace_, purl->name, &path))
			return false;
		split(path, '/', purl);
	}
	if (tu_str_eq(purl->type, TU_STR("maven")) && purl->namespace_.len == 0)
		split(purl->name, ':', purl);
	if (tu_str_eq(purl->type, TU_STR("conan")) && tu_str_eq(purl->namespace_, TU_STR("_")))
		purl->namespace_ = (struct tu_str){"", 0};
	/* "requests[socks]" asks for parts that are extra. */
	if (tu_str_eq(purl->type, TU_STR("pypi")))
		purl->name = tu_str_first(purl->name, tu_str_find(purl->name, '['));
	if (tu_str_eq(purl->type, TU_STR("pypi")))
		return tu_pep503(arena, purl->name, &purl->name);
	if (tu_str_eq(purl->type, TU_STR("npm")))
		return add_scope(arena, &purl->namespace_);
	return !tu_str_eq(purl->type, TU_STR("golang")) || settle_go(arena, purl);
}
