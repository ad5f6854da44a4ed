CODEGEN = RUSTFLAGS='--cfg kyso_codegen' cargo run -q -p kyso-codegen --target-dir target/codegen --

.PHONY: faces check-faces
faces:
	$(CODEGEN)

check-faces:
	$(CODEGEN) --check
