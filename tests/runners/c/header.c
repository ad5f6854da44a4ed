/* Includes the header and nothing else: it must stand alone, in C and in C++. */
#include <kyso.h>

int main(void) {
    kyso_params *params = kyso_params_new();
    kyso_result *result = kyso_call_params(NULL, NULL, 0, params);
    kyso_code code = kyso_error_code(result);
    kyso_result_free(result);
    kyso_params_free(params);
    return code == KYSO_CODE_UNKNOWN_OPERATION ? 0 : 1;
}
