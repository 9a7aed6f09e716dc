#include "cli/serve_log.h"

#include <unistd.h>

#include "base/json_writer.h"
#include "base/time.h"
#include "cli/environment.h"

/* A path of control characters is six times as long in JSON, and the line must not be missing. */
enum { PATH_SHOWN = 1024, LINE_MAX_BYTES = 16384 };

enum field {
#define TU_LOG_FIELD(id, name) FIELD_##id,
#include "cli/serve_log_fields.inc"
#undef TU_LOG_FIELD
	FIELDS
};

static const char *const names[FIELDS] = {
#define TU_LOG_FIELD(id, name) name,
#include "cli/serve_log_fields.inc"
#undef TU_LOG_FIELD
};

struct line {
	struct tu_buf buf;
	struct tu_json_writer json;
};

static void add_time(struct line *line)
{
	int64_t now = tu_clock_now_us();
	size_t start;

	tu_json_key_str(&line->json, tu_str_c(names[FIELD_TIME]));
	start = tu_json_open_text(&line->json);
	tu_time_write(now / 1000000, &line->buf);
	line->buf.len--; /* the "Z" comes after the fraction */
	tu_buf_printf(&line->buf, ".%06dZ", (int)(now % 1000000));
	tu_json_close_text(&line->json, start);
}

static void begin(struct line *line, const char *level, const char *event)
{
	tu_buf_init(&line->buf, LINE_MAX_BYTES);
	line->json = tu_json_writer(&line->buf, false);
	tu_json_open_object(&line->json);
	add_time(line);
	tu_json_member_str(&line->json, names[FIELD_LEVEL], tu_str_c(level));
	tu_json_member_str(&line->json, names[FIELD_EVENT], tu_str_c(event));
}

/* One write, so that lines of several threads do not mix. */
static void end(struct line *line)
{
	tu_json_close_object(&line->json);
	tu_buf_byte(&line->buf, '\n');
	if (!line->buf.failed && write(STDERR_FILENO, line->buf.ptr, line->buf.len) < 0) {
		/* there is nowhere to say it */
	}
	tu_buf_done(&line->buf);
}

static const char *const levels[] = {
	[TU_SERVICE_INFO] = "info",
	[TU_SERVICE_WARNING] = "warning",
	[TU_SERVICE_ERROR] = "error",
};

void tu_serve_log_service(void *self, enum tu_service_level level, const char *text)
{
	struct line line;

	(void)self;
	begin(&line, levels[level], "service");
	tu_json_member_str(&line.json, names[FIELD_MESSAGE], tu_str_c(text));
	end(&line);
}

/* A method, an encoding or a version that is not used here is the client's doing. */
static bool is_ours(unsigned status)
{
	return status >= 500 && status != 501 && status != 505;
}

void tu_serve_log_request(void *self, const struct tu_http_line *from)
{
	struct line line;

	(void)self;
	begin(&line, is_ours(from->status) ? "error" : "info", "request");
	tu_json_member_str(&line.json, names[FIELD_ID], from->id);
	tu_json_member_str(&line.json, names[FIELD_METHOD], from->method);
	tu_json_member_str(&line.json, names[FIELD_PATH], tu_str_first(from->path, PATH_SHOWN));
	tu_json_member_str(&line.json, names[FIELD_PEER], from->peer);
	tu_json_member_opt(&line.json, names[FIELD_WHO], from->who);
	tu_json_member_int(&line.json, names[FIELD_STATUS], from->status);
	tu_json_member_int(&line.json, names[FIELD_IN], (int64_t)from->bytes_in);
	tu_json_member_int(&line.json, names[FIELD_OUT], (int64_t)from->bytes_out);
	tu_json_member_int(&line.json, names[FIELD_US], from->microseconds);
	tu_json_member_opt(&line.json, names[FIELD_REFUSED], tu_str_c(from->refused));
	end(&line);
}

void tu_serve_log_trouble(void *self, struct tu_str message)
{
	struct line line;

	(void)self;
	begin(&line, "warning", "http");
	tu_json_member_str(&line.json, names[FIELD_MESSAGE], message);
	end(&line);
}

void tu_serve_log_inside(void *self, struct tu_str request, const char *message)
{
	struct line line;

	(void)self;
	begin(&line, "error", "api");
	tu_json_member_str(&line.json, names[FIELD_ID], request);
	tu_json_member_str(&line.json, names[FIELD_MESSAGE], tu_str_c(message));
	end(&line);
}
