/* Evidence of a kernel's build of any bytes: the first byte says of which kind each part is; what
 * is read answers for any path. */
#include <tutela/match.h>

#include "match/kernel_build.h"

enum { WHY_MAX_BYTES = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parts are "KIND name\n text" between NUL bytes. */
static enum tu_status add_part(struct tu_kernel_build *build, struct tu_str part)
{
	struct tu_str name;
	char kind = part.len ? part.ptr[0] : '0';

	part = tu_str_from(part, 1);
	(void)tu_str_split(&part, '\n', &name);
	return tu_kernel_build_add(build, (enum tu_kernel_evidence)(kind & 3), name, part, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kernel_stated kernel = {TU_STR_INIT("6.1.40"), TU_STR_INIT("arm64")};
	struct tu_str rest = tu_str_of((const char *)data, size);
	struct tu_kernel_build *build = NULL;
	enum tu_status status = tu_kernel_build_new(&build, NULL);
	struct tu_str part;

	while (status == TU_OK && rest.len && tu_str_split(&rest, '\0', &part))
		status = add_part(build, part);
	if (status == TU_OK)
		status = tu_kernel_build_end(build, NULL);
	if (status == TU_OK) {
		struct tu_buf why;

		tu_buf_init(&why, WHY_MAX_BYTES);
		(void)tu_match__kernel_leaves_out(build, &kernel,
			TU_STR("net/bluetooth/a.c kernel/fork.c lib/x.h arch/arm64/kvm/arm.c"),
			&why);
		tu_buf_done(&why);
	}
	tu_kernel_build_free(build);
	return 0;
}
