/* Reading what a person names: large files of lines, in pieces. */
#define _XOPEN_SOURCE 700 /* pread */
#include <sys/stat.h>
#include <unistd.h>

#include "base/input_walker.h"
#include "base/unpack_ahead.h"

/* A packed file of fewer bytes does not become large. */
enum { PACKED_MIN = 64 << 10, MARK = 4 };

/* A file that is read on and on. */
struct source {
	int fd;
	struct tu_unpack *unpack; /* NULL: it is not packed */
	struct tu_unpack_ahead *ahead; /* once its lines are handed on; NULL: here */
};

static enum tu_status read_on(const struct source *from, struct tu_buf *out, size_t until,
	bool *out_ended, struct tu_error *err)
{
	if (from->ahead)
		return tu_unpack_ahead_next(from->ahead, out, out_ended, err);
	return from->unpack ? tu_unpack_some(from->unpack, out, until, out_ended, err)
			    : tu_input__read_some(from->fd, out, until, out_ended, err);
}

/* False: no such file is there, or it is not large. */
static bool open_source(const struct walker *w, const char *path, struct source *out)
{
	struct stat info;
	char mark[MARK];
	ssize_t got;

	*out = (struct source){.fd = tu_input__open_large(path, PACKED_MIN, w->bytes)};
	if (out->fd < 0)
		return false;
	got = pread(out->fd, mark, sizeof(mark), 0);
	if (got == MARK && tu_unpack_is_packed(tu_str_of(mark, MARK)))
		return tu_unpack_file(out->fd, w->bytes, &out->unpack, NULL) == TU_OK;
	return fstat(out->fd, &info) == 0 && (size_t)info.st_size > 2 * (size_t)TU_INPUT_PIECE;
}

static void close_source(struct source *from)
{
	tu_unpack_ahead_free(from->ahead);
	tu_unpack_free(from->unpack);
	if (from->fd >= 0)
		(void)close(from->fd);
}

/* Read the beginning into `raw`: is it one of lines? */
static bool begin_lines(struct walker *w, const struct source *from, bool *out_ended)
{
	struct tu_str beginning;

	tu_buf_clear(&w->raw);
	if (read_on(from, &w->raw, TU_INPUT_BEGINNING, out_ended, NULL))
		return false;
	beginning = tu_buf_str(&w->raw);
	if (tu_unpack_is_packed(beginning) || tu_input_is_archive(beginning) ||
		!w->walk->in_lines(beginning))
		return false;
	return !read_on(from, &w->raw, TU_INPUT_PIECE, out_ended, NULL);
}

/* The bytes of the last whole line and those before it. */
static size_t whole_lines(struct tu_str text)
{
	size_t len = text.len;

	while (len && text.ptr[len - 1] != '\n')
		len--;
	return len;
}

/* Hand on the whole lines in `raw` and keep the rest. */
static enum tu_status visit_lines(
	struct walker *w, struct tu_input_piece *piece, struct tu_error *err)
{
	size_t len = piece->last ? w->raw.len : whole_lines(tu_buf_str(&w->raw));
	enum tu_status status = TU_OK;

	if (len == 0 && !piece->last)
		return TU_OK; /* a line that is longer than a piece */
	piece->text = tu_str_of(w->raw.ptr, len);
	*w->unpacked += len;
	if (tu_input__is_over(w))
		status = tu_input__fail_over(w, err);
	if (!status)
		status = w->walk->piece(w->walk->context, piece, err);
	memmove(w->raw.ptr, w->raw.ptr + len, w->raw.len - len);
	w->raw.len -= len;
	piece->first = false;
	return status;
}

/* What was read and not handed on counts, too. */
static enum tu_status give_up(struct walker *w, const struct tu_input_piece *piece,
	const struct tu_error *problem, struct tu_error *err)
{
	*w->unpacked += w->raw.len;
	return tu_input__after_problem(w, piece->name, problem, err);
}

/* `raw` contains the beginning of the file. */
static enum tu_status walk_pieces(
	struct walker *w, const char *path, const struct source *from, struct tu_error *err)
{
	struct tu_input_piece piece = {.name = tu_str_c(path), .first = true};
	struct tu_error problem = {0};
	enum tu_status status = tu_input__count_document(w, err);
	size_t read = w->raw.len;

	while (!status && !piece.last) {
		size_t left;

		if (tu_input__pad(&w->raw, &problem))
			return give_up(w, &piece, &problem, err);
		status = visit_lines(w, &piece, err);
		left = w->raw.len;
		if (!status && read_on(from, &w->raw, left + TU_INPUT_PIECE, &piece.last, &problem))
			return give_up(w, &piece, &problem, err);
		read += w->raw.len - left;
		if (!status && read > w->bytes) {
			(void)tu_input__fail_bytes(w->bytes, &problem);
			return give_up(w, &piece, &problem, err);
		}
	}
	if (!status && !tu_input__pad(&w->raw, err))
		return visit_lines(w, &piece, err);
	return status ? status : TU_E_NOMEM;
}

/* All of it was in the first piece. */
static enum tu_status visit_whole(struct walker *w, const char *path, struct tu_error *err)
{
	struct tu_error problem = {0};

	*w->unpacked += w->raw.len;
	if (tu_input__pad(&w->raw, &problem))
		return tu_input__after_problem(w, tu_str_c(path), &problem, err);
	return tu_input__visit(w, tu_str_c(path), tu_buf_str(&w->raw), err);
}

enum tu_status tu_input__walk_lines(
	struct walker *w, const char *path, bool *out_taken, struct tu_error *err)
{
	struct source from = {.fd = -1};
	enum tu_status status = TU_OK;
	bool ended = false;

	*out_taken =
		w->walk->in_lines && open_source(w, path, &from) && begin_lines(w, &from, &ended);
	if (*out_taken && !ended && from.unpack && w->walk->ahead)
		from.ahead = tu_unpack_ahead_new(from.unpack, TU_INPUT_PIECE);
	if (*out_taken)
		status = ended ? visit_whole(w, path, err) : walk_pieces(w, path, &from, err);
	close_source(&from);
	return status;
}
