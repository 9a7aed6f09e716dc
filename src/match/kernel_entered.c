#include "match/kernel_entered.h"

#include "base/alloc.h"
#include "base/vec.h"
#include "match/kernel_makefile.h"
#include "match/kernel_paths.h"

#define MAKEFILES_BYTES_MAX ((size_t)256 << 20)

struct makefile {
	struct tu_str path, text;
};

/* A Makefile that is to be read for the objects of a folder: its own or the one that includes it.
 */
struct visit {
	uint32_t makefile;
	struct tu_str folder;
};

struct kernel_entered {
	struct tu_arena *arena; /* texts, paths */
	struct tu_arena *scratch; /* of one Makefile */
	struct tu_intern *paths; /* of the Makefiles */
	TU_VEC(struct makefile) makefiles; /* by id in paths */
	struct tu_intern *folders; /* all of the tree, with '/' at the end */
	struct tu_intern *stems; /* of objects that may be built */
	struct tu_intern *stray; /* names of objects or sources that may be built in some folder */
	TU_VEC(struct tu_str) patterns; /* of sources that may be built */
	struct tu_intern *named; /* stems of all objects */
	/* What hangs on an option that is not set (a stem, or a folder with '/' at its end), and
	 * the option, by id. */
	struct tu_intern *closed_paths;
	TU_VEC(struct tu_str) closed;
	struct tu_intern *forced; /* options that a Makefile sets */
	struct tu_intern *seen; /* "makefile\nfolder" */
	TU_VEC(struct visit) queue;
	const struct kernel_config *config;
};

struct kernel_entered *tu_match__kernel_entered_new(void)
{
	struct kernel_entered *e = tu_alloc(1, sizeof(*e));
	bool ok;

	if (!e)
		return NULL;
	struct tu_intern **sets[] = {&e->paths, &e->folders, &e->stems, &e->stray, &e->named,
		&e->closed_paths, &e->forced, &e->seen};
	e->arena = tu_arena_new(MAKEFILES_BYTES_MAX);
	e->scratch = tu_arena_new(MAKEFILES_BYTES_MAX);
	ok = e->arena && e->scratch;
	for (size_t i = 0; i < TU_COUNT(sets); i++) {
		*sets[i] = tu_intern_new(MAKEFILES_BYTES_MAX);
		ok = ok && *sets[i];
	}
	if (ok)
		return e;
	tu_match__kernel_entered_free(e);
	return NULL;
}

void tu_match__kernel_entered_free(struct kernel_entered *e)
{
	if (!e)
		return;
	tu_arena_free(e->arena);
	tu_arena_free(e->scratch);
	tu_intern_free(e->paths);
	tu_intern_free(e->folders);
	tu_intern_free(e->stems);
	tu_intern_free(e->stray);
	tu_intern_free(e->named);
	tu_intern_free(e->closed_paths);
	tu_intern_free(e->forced);
	tu_intern_free(e->seen);
	TU_VEC_DONE(&e->makefiles);
	TU_VEC_DONE(&e->patterns);
	TU_VEC_DONE(&e->closed);
	TU_VEC_DONE(&e->queue);
	tu_free(e);
}

bool tu_match__kernel_entered_add(struct kernel_entered *e, struct tu_str path, struct tu_str text)
{
	struct makefile new = {path, text};
	uint32_t id;

	if (!tu_intern_add(e->paths, path, &id))
		return false;
	if (id < e->makefiles.count)
		return true;
	new.path = tu_intern_str(e->paths, id);
	return tu_arena_dup(e->arena, text, &new.text) && TU_VEC_PUSH(&e->makefiles, new);
}

/* ---- paths ---- */

struct tu_str tu_match__kernel_join(struct tu_str folder, struct tu_str path, char *room)
{
	struct tu_str parts[2] = {folder, path};
	bool open_end = path.len && path.ptr[path.len - 1] == '/';
	struct tu_str part;
	size_t len = 0;

	if (folder.len + path.len + 3 > KERNEL_PATH_MAX)
		return (struct tu_str){"", 0};
	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		while (parts[i].len && tu_str_split(&parts[i], '/', &part)) {
			if (part.len == 0 || tu_str_eq(part, TU_STR(".")))
				continue;
			if (!tu_str_eq(part, TU_STR(".."))) {
				memcpy(room + len, part.ptr, part.len);
				len += part.len;
				room[len++] = '/';
				continue;
			}
			if (len == 0)
				return (struct tu_str){"", 0};
			len--;
			while (len && room[len - 1] != '/')
				len--;
		}
	}
	return tu_str_of(room, len && !open_end ? len - 1 : len);
}

/* A word of a Makefile, whose beginning may be the tree's root. */
static struct tu_str join_word(struct tu_str folder, struct tu_str word, char *room)
{
	if (word.len && word.ptr[0] == KERNEL_ROOT)
		return tu_match__kernel_join((struct tu_str){"", 0}, tu_str_from(word, 1), room);
	return tu_match__kernel_join(folder, word, room);
}

static bool has_star(struct tu_str s)
{
	return tu_str_find(s, '*') < s.len;
}

static bool only_stars(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!strchr("*./", s.ptr[i]))
			return false;
	}
	return true;
}

static struct tu_str without_ending(struct tu_str path)
{
	size_t dot = tu_str_rfind(path, '.');

	return dot < path.len && dot > path.len - tu_match__kernel_name(path).len
		? tu_str_first(path, dot)
		: path;
}

static bool is_source(struct tu_str word)
{
	return tu_match__kernel_part(word) == KERNEL_COMPILED;
}

static bool add_text(struct tu_intern *set, struct tu_str text)
{
	uint32_t ignored;

	return text.len == 0 || tu_intern_add(set, text, &ignored);
}

/* ---- entering ---- */

static bool visit(struct kernel_entered *e, struct tu_str path, struct tu_str folder)
{
	uint32_t id = tu_intern_find(e->paths, path);
	uint32_t before = tu_intern_count(e->seen);
	struct visit new = {.makefile = id};
	char room[2 * KERNEL_PATH_MAX + 1];
	uint32_t seen;

	if (id == TU_INTERN_NONE || path.len + folder.len + 1 > sizeof(room))
		return true;
	memcpy(room, path.ptr, path.len);
	room[path.len] = '\n';
	if (folder.len)
		memcpy(room + path.len + 1, folder.ptr, folder.len);
	if (!tu_intern_add(e->seen, tu_str_of(room, path.len + 1 + folder.len), &seen))
		return false;
	if (seen < before)
		return true;
	new.folder = tu_str_from(tu_intern_str(e->seen, seen), path.len + 1);
	return TU_VEC_PUSH(&e->queue, new);
}

static struct tu_str without_slash(struct tu_str folder)
{
	while (folder.len && folder.ptr[folder.len - 1] == '/')
		folder.len--;
	return folder;
}

static bool enter(struct kernel_entered *e, struct tu_str folder)
{
	static const struct tu_str names[] = {TU_STR_INIT("Makefile"), TU_STR_INIT("Kbuild")};

	folder = without_slash(folder);
	for (size_t i = 0; i < TU_COUNT(names); i++) {
		char room[KERNEL_PATH_MAX];

		if (!visit(e, tu_match__kernel_join(folder, names[i], room), folder))
			return false;
	}
	return true;
}

static bool enter_fitting(struct kernel_entered *e, struct tu_str pattern)
{
	if (only_stars(pattern))
		return true;
	for (uint32_t i = 0; i < tu_intern_count(e->folders); i++) {
		struct tu_str folder = tu_intern_str(e->folders, i);

		if (tu_match__kernel_fits(pattern, folder) && !enter(e, folder))
			return false;
	}
	return true;
}

/* ---- objects ---- */

static bool add_pattern(struct kernel_entered *e, struct tu_str pattern)
{
	struct tu_str copy;

	return tu_arena_dup(e->arena, pattern, &copy) && TU_VEC_PUSH(&e->patterns, copy);
}

/* "head_*.o" may be any source of its folder that fits. */
static bool take_pattern(struct kernel_entered *e, struct tu_str folder, struct tu_str word)
{
	struct tu_str name = tu_match__kernel_name(word);
	struct tu_str below = tu_match__kernel_folder(word);
	char room[KERNEL_PATH_MAX], whole[KERNEL_PATH_MAX];
	struct tu_str place;
	size_t len;

	while (below.len && (below.ptr[0] == KERNEL_ROOT || strchr("/*", below.ptr[0])))
		below = tu_str_from(below, 1);
	if (!is_source(word))
		name = without_ending(name);
	place = tu_match__kernel_join(folder, below, room);
	if (place.len + name.len + 3 > sizeof(whole))
		return true;
	len = place.len;
	if (len)
		memcpy(whole, place.ptr, len);
	if (len)
		whole[len++] = '/';
	memcpy(whole + len, name.ptr, name.len);
	len += name.len;
	if (!is_source(word)) {
		whole[len++] = '.';
		whole[len++] = '*';
	}
	return add_pattern(e, tu_str_of(whole, len));
}

/* "x.pi.o" is made of "x.c": the first name counts as well. */
static bool add_stem(struct kernel_entered *e, struct tu_str path)
{
	struct tu_str name = tu_match__kernel_name(path);
	size_t before = path.len - name.len;
	size_t dot = tu_str_find(name, '.');

	return add_text(e->stems, without_ending(path)) &&
		(dot == 0 || add_text(e->stems, tu_str_first(path, before + dot)));
}

/* A word of a statement whose option is set. */
static bool take(struct kernel_entered *e, struct tu_str folder, struct tu_str word, bool wild)
{
	char room[KERNEL_PATH_MAX];
	struct tu_str path = join_word(folder, word, room);
	struct tu_str stem = without_ending(tu_match__kernel_name(word));

	if (tu_str_ends(word, TU_STR("/")))
		return has_star(path) ? enter_fitting(e, path) : enter(e, path);
	if (only_stars(stem)) /* %.o: %.c says how, not what */
		return !is_source(word) || only_stars(tu_match__kernel_folder(path)) ||
			add_pattern(e, path);
	if (has_star(stem))
		return take_pattern(e, folder, word);
	if (has_star(word) || wild || path.len == 0)
		return add_text(e->stray, is_source(word) ? tu_match__kernel_name(word) : stem);
	return add_stem(e, path);
}

/* For each architecture of the configuration where the word depends on it. */
static bool each_spelling(struct kernel_entered *e, struct tu_str word,
	bool (*then)(struct kernel_entered *, struct tu_str word, void *context), void *context)
{
	size_t at = tu_str_find(word, KERNEL_ARCH);
	const struct kernel_architecture *one;
	bool ok = true;

	if (at == word.len)
		return then(e, word, context);
	for (size_t i = 0; ok && (one = tu_match__kernel_architecture(i)); i++) {
		struct tu_str rest = tu_str_from(word, at + 1);
		char text[KERNEL_PATH_MAX];

		if (!tu_match__kernel_is_set(e->config, one->option) ||
			word.len + one->folder.len > sizeof(text))
			continue;
		memcpy(text, word.ptr, at);
		memcpy(text + at, one->folder.ptr, one->folder.len);
		if (rest.len)
			memcpy(text + at + one->folder.len, rest.ptr, rest.len);
		ok = then(e, tu_str_of(text, at + one->folder.len + rest.len), context);
	}
	return ok;
}

struct taking {
	struct tu_str folder;
	bool wild;
};

static bool take_spelled(struct kernel_entered *e, struct tu_str word, void *context)
{
	const struct taking *taking = context;

	return take(e, taking->folder, word, taking->wild);
}

/* ---- reading a Makefile ---- */

/* Is "base.o" a word of a statement that is `taken` (or of any, where it is NULL) and is not of
 * that base itself? */
static bool is_object(const struct kernel_makefile *makefile, struct tu_str base, const bool *taken)
{
	for (size_t i = 0; i < makefile->statements.count; i++) {
		const struct kernel_statement *s = &makefile->statements.at[i];

		if (taken ? !taken[i] : tu_str_eq(s->base, base))
			continue;
		for (size_t k = 0; k < s->word_count; k++) {
			struct tu_str word = s->words[k].text;

			if (word.len == base.len + 2 && tu_str_starts(word, base) &&
				tu_str_ends(word, TU_STR(".o")))
				return true;
		}
	}
	return false;
}

static bool holds(const struct kernel_entered *e, const struct kernel_statement *s)
{
	return s->option.len == 0 || !tu_match__kernel_are_unset(e->config, s->option) ||
		tu_intern_find(e->forced, s->option) != TU_INTERN_NONE;
}

static bool take_words(
	struct kernel_entered *e, const struct kernel_statement *s, struct tu_str folder)
{
	for (size_t i = 0; i < s->word_count; i++) {
		struct taking taking = {folder, s->words[i].wild};

		if (!each_spelling(e, s->words[i].text, take_spelled, &taking))
			return false;
	}
	return true;
}

/* "foo-y" takes part when foo.o does, where that is an object. */
static bool take_statements(
	struct kernel_entered *e, const struct kernel_makefile *makefile, struct tu_str folder)
{
	size_t count = makefile->statements.count;
	bool *taken = tu_arena_array(e->scratch, count + 1, sizeof(*taken));
	bool progress = true;

	if (!taken)
		return false;
	while (progress) {
		progress = false;
		for (size_t i = 0; i < count; i++) {
			const struct kernel_statement *s = &makefile->statements.at[i];

			if (taken[i] || !holds(e, s))
				continue;
			if (s->base.len && is_object(makefile, s->base, NULL) &&
				!is_object(makefile, s->base, taken))
				continue;
			taken[i] = progress = true;
			if (!take_words(e, s, folder))
				return false;
		}
	}
	return true;
}

struct including {
	struct tu_str by; /* the Makefile */
	struct tu_str folder; /* for which it is read */
};

static bool visit_both(struct kernel_entered *e, struct tu_str path, struct tu_str folder)
{
	return visit(e, path, folder) && visit(e, path, tu_match__kernel_folder(path));
}

/* It may be any Makefile nearby. */
static bool include_fitting(
	struct kernel_entered *e, struct tu_str pattern, const struct including *including)
{
	struct tu_str folder = including->folder;
	struct tu_str near = tu_match__kernel_folder(folder);

	if (tu_match__kernel_folder(near).len == 0)
		near = folder;
	for (size_t i = 0; i < e->makefiles.count; i++) {
		struct tu_str path = e->makefiles.at[i].path;

		if (!tu_str_starts(path, near) ||
			(near.len && path.len > near.len && path.ptr[near.len] != '/') ||
			!tu_match__kernel_fits(
				tu_match__kernel_name(pattern), tu_match__kernel_name(path)))
			continue;
		if (near.len && !visit_both(e, path, folder))
			return false;
	}
	return true;
}

static bool include(struct kernel_entered *e, struct tu_str word, void *context)
{
	const struct including *including = context;
	char room[KERNEL_PATH_MAX];

	if (has_star(word))
		return include_fitting(e, word, including);
	return visit_both(e, join_word((struct tu_str){"", 0}, word, room), including->folder) &&
		visit_both(e, join_word(tu_match__kernel_folder(including->by), word, room),
			including->folder);
}

static bool read_visit(struct kernel_entered *e, struct visit visit)
{
	struct makefile file = e->makefiles.at[visit.makefile];
	struct including including = {file.path, visit.folder};
	struct kernel_makefile makefile;

	tu_arena_reset(e->scratch);
	if (!tu_match__kernel_makefile(e->scratch, file.text, &makefile) ||
		!take_statements(e, &makefile, visit.folder))
		return false;
	for (size_t i = 0; i < makefile.includes.count; i++) {
		if (!each_spelling(e, makefile.includes.at[i], include, &including))
			return false;
	}
	return true;
}

/* ---- what every Makefile names, entered or not ---- */

static bool note_closed(struct kernel_entered *e, struct tu_str path, struct tu_str option)
{
	struct tu_str copy;
	uint32_t id;

	if (path.len == 0 || !tu_intern_add(e->closed_paths, path, &id))
		return path.len == 0;
	if (id < e->closed.count)
		return true;
	return tu_arena_dup(e->arena, option, &copy) && TU_VEC_PUSH(&e->closed, copy);
}

static bool note_statement(
	struct kernel_entered *e, const struct kernel_statement *s, struct tu_str folder)
{
	bool open = !e->config || holds(e, s);

	for (size_t i = 0; i < s->word_count; i++) {
		struct tu_str word = s->words[i].text;
		char room[KERNEL_PATH_MAX];
		struct tu_str path = join_word(folder, word, room);
		bool directory = tu_str_ends(word, TU_STR("/"));

		if (has_star(word) || (!directory && !tu_str_ends(word, TU_STR(".o"))))
			continue;
		if (!directory)
			path = without_ending(path);
		if (!directory && !add_text(e->named, path))
			return false;
		if (!open && !note_closed(e, path, s->option))
			return false;
	}
	return true;
}

static bool note_all(struct kernel_entered *e)
{
	for (size_t i = 0; i < e->makefiles.count; i++) {
		struct makefile file = e->makefiles.at[i];
		struct tu_str folder = tu_match__kernel_folder(file.path);
		/* An architecture's Makefile is included by the root's. */
		bool of_root = tu_str_eq(tu_match__kernel_folder(folder), TU_STR("arch"));
		struct kernel_makefile makefile;

		tu_arena_reset(e->scratch);
		if (!tu_match__kernel_makefile(e->scratch, file.text, &makefile))
			return false;
		for (size_t k = 0; k < makefile.forced.count; k++) {
			if (!add_text(e->forced, makefile.forced.at[k]))
				return false;
		}
		for (size_t k = 0; k < makefile.statements.count; k++) {
			const struct kernel_statement *s = &makefile.statements.at[k];

			if (!note_statement(e, s, folder) ||
				(of_root && !note_statement(e, s, (struct tu_str){"", 0})))
				return false;
		}
	}
	return true;
}

static bool note_folders(struct kernel_entered *e, const struct tu_intern *files)
{
	for (uint32_t i = 0; i < tu_intern_count(files); i++) {
		struct tu_str path = tu_intern_str(files, i);

		path.len -= tu_match__kernel_name(path).len;
		if (!add_text(e->folders, path))
			return false;
	}
	for (size_t i = 0; i < e->makefiles.count; i++) {
		struct tu_str path = e->makefiles.at[i].path;

		path.len -= tu_match__kernel_name(path).len;
		if (!add_text(e->folders, path))
			return false;
	}
	return true;
}

bool tu_match__kernel_entered_end(
	struct kernel_entered *e, const struct tu_intern *files, const struct kernel_config *config)
{
	e->config = config;
	if (!note_folders(e, files) || !note_all(e))
		return false;
	if (!config)
		return true;
	if (!enter(e, (struct tu_str){"", 0}))
		return false;
	for (size_t i = 0; i < e->queue.count; i++) {
		if (!read_visit(e, e->queue.at[i]))
			return false;
	}
	return true;
}

/* ---- asking ---- */

bool tu_match__kernel_entered_builds(const struct kernel_entered *e, struct tu_str path)
{
	struct tu_str stem = tu_match__kernel_stem(path);

	if (tu_intern_find(e->stems, stem) != TU_INTERN_NONE ||
		tu_intern_find(e->stray, tu_match__kernel_name(stem)) != TU_INTERN_NONE ||
		tu_intern_find(e->stray, tu_match__kernel_name(path)) != TU_INTERN_NONE)
		return true;
	for (size_t i = 0; i < e->patterns.count; i++) {
		if (tu_match__kernel_fits(e->patterns.at[i], path))
			return true;
	}
	return false;
}

bool tu_match__kernel_entered_names(const struct kernel_entered *e, struct tu_str path)
{
	return tu_intern_find(e->named, tu_match__kernel_stem(path)) != TU_INTERN_NONE;
}

struct tu_str tu_match__kernel_entered_option(const struct kernel_entered *e, struct tu_str path)
{
	uint32_t id = tu_intern_find(e->closed_paths, tu_match__kernel_stem(path));

	while (id == TU_INTERN_NONE && path.len) {
		path = tu_match__kernel_folder(without_slash(path));
		if (path.len == 0)
			break;
		path.len++; /* the slash that follows */
		id = tu_intern_find(e->closed_paths, path);
	}
	return id == TU_INTERN_NONE ? (struct tu_str){"", 0} : e->closed.at[id];
}
