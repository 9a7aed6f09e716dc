/*
 * CVSS vectors: any bytes are a vector or an error inside the text; what is read can be scored,
 * written and read again with the same result.
 */
#include <stdlib.h>
#include <string.h>

#include <tutela/buf.h>
#include <tutela/score.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void try_override(struct tu_cvss cvss, struct tu_str text)
{
	struct tu_error err = {0};

	if (tu_cvss_override(&cvss, text, &err) != TU_OK)
		demand(err.offset <= text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str text = tu_str_of((const char *)data, size);
	struct tu_cvss_scores scores, again;
	struct tu_cvss cvss, read;
	struct tu_error err = {0};
	struct tu_buf out;

	if (tu_cvss_parse(text, &cvss, &err) != TU_OK) {
		demand(err.offset <= size && err.message[0] != '\0');
		return 0;
	}
	demand(!memchr(data, '\0', size));
	tu_cvss_score(&cvss, &scores);
	demand(scores.base <= 100 && scores.overall <= 100);
	tu_buf_init(&out, 1024);
	tu_cvss_write(&cvss, &out);
	demand(!out.failed && tu_cvss_parse(tu_buf_str(&out), &read, NULL) == TU_OK);
	tu_cvss_score(&read, &again);
	demand(memcmp(&scores, &again, sizeof(scores)) == 0);
	tu_buf_done(&out);
	/* the metrics alone, as overrides of a device come */
	try_override(cvss, tu_str_from(text, tu_str_find(text, '/') + 1));
	return 0;
}
