/*
 * Python version specifiers (PEP 440, "Version specifiers").
 *
 * A specifier does not cut at the version that it names: "<2" leaves out the pre-releases of 2,
 * ">2" its post-releases, "==2" takes in its local versions. The ends of the intervals keep the
 * version as text and have a key that comes before or after all of these.
 */
#include "version/native.h"
#include "version/pep440.h"

enum edge {
	EDGE_FIRST, /* before everything of this (post-)release, its development releases too */
	EDGE_AT,
	EDGE_PAST_LOCAL, /* after its local versions */
	EDGE_PAST_POST, /* after its post-releases too */
};

static bool make_key(
	struct tu_arena *arena, struct tu_pep440 v, enum edge edge, struct tu_str *out_key)
{
	struct tu_buf key;

	tu_buf_init(&key, 4 * TU_VERSION_MAX);
	switch (edge) {
	case EDGE_FIRST:
		v = (struct tu_pep440){.epoch = v.epoch,
			.release = v.release,
			.post = v.post,
			.post_number = v.post_number,
			.dev = true};
		tu_pep440_key(&v, TU_PEP440_WHOLE, &key);
		break;
	case EDGE_AT:
		tu_pep440_key(&v, TU_PEP440_WHOLE, &key);
		break;
	case EDGE_PAST_LOCAL:
		tu_pep440_key(&v, TU_PEP440_TO_DEV, &key);
		tu_buf_byte(&key, (char)0xff);
		break;
	case EDGE_PAST_POST:
		tu_pep440_key(&v, TU_PEP440_TO_PRE, &key);
		tu_buf_byte(&key, (char)0xff);
		break;
	}
	bool fine = !key.failed && tu_arena_dup(arena, tu_buf_str(&key), out_key);
	tu_buf_done(&key);
	return fine;
}

struct specifier {
	struct tu_intervals *set;
	struct tu_str text; /* the version */
	struct tu_pep440 version;
	bool prefix; /* ".*" */
};

static bool make_bound(
	const struct specifier *s, enum edge edge, bool inclusive, struct tu_bound *out)
{
	*out = (struct tu_bound){.inclusive = inclusive};
	return tu_arena_dup(s->set->arena, s->text, &out->text) &&
		make_key(s->set->arena, s->version, edge, &out->key);
}

/* The text of a version that is only a release. */
static bool write_release(struct specifier *s)
{
	struct tu_str epoch = s->version.epoch, release = s->version.release;
	size_t mark = epoch.len > 0 ? epoch.len + 1 : 0;
	char *text = tu_arena_text(s->set->arena, mark + release.len);

	if (!text)
		return false;
	if (mark > 0) {
		memcpy(text, epoch.ptr, epoch.len);
		text[epoch.len] = '!';
	}
	memcpy(text + mark, release.ptr, release.len);
	s->text = tu_str_of(text, mark + release.len);
	return true;
}

/* Everything that begins with these numbers: from their first up to the next one's first. */
static bool prefix_interval(
	const struct specifier *s, struct tu_str release, struct tu_interval *out)
{
	struct specifier low = *s, high = *s;

	low.version = high.version =
		(struct tu_pep440){.epoch = s->version.epoch, .release = release};
	if (!tu_native_bump(s->set->arena, release, &high.version.release) ||
		!write_release(&low) || !write_release(&high))
		return false;
	return make_bound(&low, EDGE_FIRST, true, &out->lo) &&
		make_bound(&high, EDGE_FIRST, false, &out->hi);
}

/* "==2.0" takes in 2.0+local, "==2.0+local" does not. */
static bool equal_interval(const struct specifier *s, struct tu_interval *out)
{
	if (s->prefix)
		return prefix_interval(s, s->version.release, out);
	return make_bound(s, EDGE_AT, true, &out->lo) &&
		make_bound(s, s->version.has_local ? EDGE_AT : EDGE_PAST_LOCAL, true, &out->hi);
}

static bool clip_not_equal(const struct specifier *s)
{
	struct tu_interval hole, around[2] = {{{{0}}}};

	if (!equal_interval(s, &hole))
		return false;
	around[0].hi = hole.lo;
	around[0].hi.inclusive = false;
	around[1].lo = hole.hi;
	around[1].lo.inclusive = !hole.hi.inclusive;
	return tu_intervals_clip(s->set, around, 2);
}

/* "~=1.4.2": at least that, and "==1.4.*". */
static bool clip_compatible(const struct specifier *s)
{
	struct tu_interval part, at_least = {0};
	size_t dot = tu_str_rfind(s->version.release, '.');

	return prefix_interval(s, tu_str_first(s->version.release, dot), &part) &&
		make_bound(s, EDGE_AT, true, &at_least.lo) && tu_intervals_clip(s->set, &part, 1) &&
		tu_intervals_clip(s->set, &at_least, 1);
}

static bool apply(const struct specifier *s, enum tu_comparator comparator)
{
	struct tu_interval part = {0};
	bool pre = s->version.pre != 0 || s->version.dev;
	bool fine = true;

	switch (comparator) {
	case TU_CMP_NE:
		return clip_not_equal(s);
	case TU_CMP_PESSIMISTIC:
		return clip_compatible(s);
	case TU_CMP_LT:
		fine = make_bound(s, pre ? EDGE_AT : EDGE_FIRST, false, &part.hi);
		break;
	case TU_CMP_LE:
		fine = make_bound(s, EDGE_PAST_LOCAL, true, &part.hi);
		break;
	case TU_CMP_GT:
		/* A development release has no post-releases of its own. */
		fine = make_bound(s,
			s->version.post || s->version.dev ? EDGE_PAST_LOCAL : EDGE_PAST_POST, false,
			&part.lo);
		break;
	case TU_CMP_GE:
		fine = make_bound(s, EDGE_AT, true, &part.lo);
		break;
	case TU_CMP_IDENTICAL:
		fine = make_bound(s, EDGE_AT, true, &part.lo) &&
			make_bound(s, EDGE_AT, true, &part.hi);
		break;
	case TU_CMP_NONE:
	case TU_CMP_EQ:
	case TU_CMP_CARET:
	case TU_CMP_TILDE:
		fine = equal_interval(s, &part);
		break;
	}
	return fine && tu_intervals_clip(s->set, &part, 1);
}

static bool is_bare_release(const struct tu_pep440 *v)
{
	return v->pre == 0 && !v->post && !v->dev && !v->has_local;
}

static enum tu_status parse_specifier(
	struct tu_intervals *set, struct tu_str text, size_t at, struct tu_error *err)
{
	struct specifier s = {.set = set};

	enum tu_comparator comparator = tu_native_comparator(&text);
	s.text = tu_str_trim(text);
	if (comparator == TU_CMP_NONE || comparator == TU_CMP_CARET || comparator == TU_CMP_TILDE)
		return tu_fail(err, TU_E_SYNTAX, at, "expected one of ~= == != <= >= < > ===");
	bool equality = comparator == TU_CMP_EQ || comparator == TU_CMP_NE;
	if (equality && tu_str_ends(s.text, TU_STR(".*"))) {
		s.prefix = true;
		s.text = tu_str_first(s.text, s.text.len - 2);
	}
	if (!tu_pep440_parse(s.text, &s.version) || (s.prefix && !is_bare_release(&s.version)))
		return tu_fail(err, TU_E_SYNTAX, at, "\"%.*s\" is not a version (PEP 440)",
			TU_STR_FMT(tu_str_first(s.text, 60)));
	if (comparator == TU_CMP_PESSIMISTIC &&
		tu_str_find(s.version.release, '.') == s.version.release.len)
		return tu_fail(err, TU_E_SYNTAX, at, "~= wants two numbers or more");
	if (!apply(&s, comparator))
		return tu_no_memory(err);
	return TU_OK;
}

enum tu_status tu_native_pep440(struct tu_str text, struct tu_intervals *out, struct tu_error *err)
{
	struct tu_intervals set = {.arena = out->arena, .scheme = out->scheme};
	struct tu_str rest = text, item;

	if (!tu_native_everything(&set))
		return tu_no_memory(err);
	while (tu_str_split(&rest, ',', &item)) {
		struct tu_str trimmed = tu_str_trim(item);
		if (trimmed.len == 0)
			continue; /* a comma at the end is allowed */
		enum tu_status status =
			parse_specifier(&set, trimmed, (size_t)(trimmed.ptr - text.ptr), err);
		if (status != TU_OK)
			return status;
	}
	if (!tu_native_append(out, &set))
		return tu_no_memory(err);
	return TU_OK;
}
