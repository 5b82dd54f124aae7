require("is-odd")(1);
