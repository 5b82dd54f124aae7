// The image's entrypoint: knbuild itself, with the arguments of the step.
import "./node_modules/knbuild/dist/cli.js";
