/* Includes the header and nothing else: it must stand alone, in C and in C++. */
#include <kyso.h>

int main(void) {
    kyso_params *params = kyso_params_new();
    kyso_result *nothing = kyso_call_params(NULL, NULL, 0, params);
    kyso_params_set_text(params, KYSO_TEXT("text"), KYSO_TEXT("\xc4\x90" "\xc6\xa1n"));
    kyso_result *plain = kyso_call_params(NULL, KYSO_TEXT("vietqr.text.strip_diacritics"), params);
    size_t length = 0;
    const char *text = kyso_result_text(plain, KYSO_TEXT("/text"), &length);
    bool good = kyso_error_code(nothing) == KYSO_CODE_UNKNOWN_OPERATION && length == 3 && text[0] == 'D';
    kyso_result_free(nothing);
    kyso_result_free(plain);
    kyso_params_free(params);
    return good ? 0 : 1;
}
