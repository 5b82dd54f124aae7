/** By a static import: of a package that is CommonJS a bundle gives a dynamic import nothing but `default`. */
export { GoogleAuth } from "google-auth-library";
