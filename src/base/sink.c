#include <tutela/sink.h>

enum { SPILL = 64 * 1024 };

void tu_sink_init(struct tu_sink *sink, size_t limit,
	enum tu_status (*write)(void *context, struct tu_str piece, struct tu_error *err),
	void *context)
{
	*sink = (struct tu_sink){.write = write, .context = context};
	tu_buf_init(&sink->buf, limit);
}

static void write_out(struct tu_sink *sink, size_t len)
{
	if (sink->buf.failed || sink->err.status || len == 0)
		return;
	if (sink->write(sink->context, tu_str_of(sink->buf.ptr, len), &sink->err) != TU_OK) {
		sink->buf.failed = true;
		return;
	}
	sink->written += len;
	sink->buf.len -= len;
	memmove(sink->buf.ptr, sink->buf.ptr + len, sink->buf.len);
}

void tu_sink_spill(struct tu_sink *sink)
{
	size_t len = sink->buf.len;

	if (sink->write && len >= (sink->piece ? sink->piece : SPILL))
		write_out(sink, sink->piece ? len - len % sink->piece : len);
}

enum tu_status tu_sink_check(const struct tu_sink *sink, struct tu_error *err)
{
	if (sink->err.status) {
		if (err)
			*err = sink->err;
		return sink->err.status;
	}
	if (sink->buf.failed)
		return tu_no_memory(err);
	return TU_OK;
}

enum tu_status tu_sink_flush(struct tu_sink *sink, struct tu_error *err)
{
	if (sink->write)
		write_out(sink, sink->buf.len);
	return tu_sink_check(sink, err);
}

void tu_sink_done(struct tu_sink *sink)
{
	tu_buf_done(&sink->buf);
}
